/// Writes files that are either complete or absent.
public enum AtomicFile {
  /// Writes `bytes` to a temporary file beside `path`, syncs it, renames it into place and syncs
  /// the folder.
  ///
  /// If this throws (disk full, no permission), whatever was at `path` before is still there, and
  /// the temporary file is gone.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    let done: Void? = try bytes.withContiguousStorageIfAvailable {
      bytes -> Result<Void, FileError> in
      Result { () throws(FileError) in
        var file = try ReplacementFile(path)
        try file.write(UnsafeRawBufferPointer(bytes))
        try file.finish()
      }
    }?.get()
    if done == nil { try write(Array(bytes), to: path) }
  }
}

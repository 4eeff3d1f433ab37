/// Writes files that are either whole or not there.
public enum AtomicFile {
  /// Writes `bytes` to a temporary file beside `path`, syncs it, and renames it into place.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws { fatalError("skeleton") }
}

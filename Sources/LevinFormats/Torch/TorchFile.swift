internal import LevinSystem

/// Writing files that `torch.load` opens with its default, `weights_only=True`.
public enum TorchFile {
  /// Writes `value` to `path`, beside it and then renamed; the same value always gives the same bytes.
  ///
  /// PyTorch 1.6 and later reads it. Throws ``FileError``, and ``TensorFileError`` if a tensor has a type without a
  /// storage of its own (uint16 to uint64, the 8-bit floats and narrower ones).
  public static func write(_ value: TorchValue, to path: String) throws {
    var pickle = PickleWriter(path: path)
    try pickle.write(value)
    var archive = try ZipWriter(path)
    func add(_ name: String, _ bytes: [UInt8], to archive: inout ZipWriter) throws {
      try archive.add("archive/\(name)", size: bytes.count) { try bytes.withUnsafeBytes($0) }
    }
    try add("data.pkl", pickle.bytes, to: &archive)
    try add("byteorder", Array("little".utf8), to: &archive)
    for (key, source) in pickle.storages.enumerated() {
      try archive.add("archive/data/\(key)", size: source.byteCount) { try source.pass(to: $0) }
    }
    try add("version", Array("3\n".utf8), to: &archive)
    try archive.finish()
  }
}

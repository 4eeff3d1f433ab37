internal import LevinSystem

extension TensorFile {
  /// Opens a file, or a folder with the index of sharded safetensors.
  ///
  /// Throws ``FileError`` if it cannot be read, and ``TensorFileError`` or ``SafetensorsError`` if it is damaged, or of a
  /// kind that Levin does not read.
  public init(path: String) throws {
    if FileSystem.isFolder(path) {
      self = try ShardIndex.open(folder: path)
    } else {
      try self.init(MappedFile(path))
    }
  }

  /// Reads `bytes`, the content of the file at `path`.
  public init(_ bytes: [UInt8], path: String) throws {
    try self.init(MappedFile(bytes, path: path))
  }

  private init(_ file: MappedFile) throws {
    let bytes = file.bytes
    if bytes.starts(with: "PK\u{3}\u{4}".utf8) || bytes.starts(with: "PK\u{5}\u{6}".utf8) {
      self = try Self.archive(file)
    } else if bytes.starts(with: Self.legacyMagic) {
      self = try Self.legacyTorch(file)
    } else if bytes.starts(with: NPYHeader.magic) {
      self = try Self.npy(file)
    } else if bytes.first == UInt8(ascii: "{"),
      // The length of a header may have this byte, too.
      bytes.littleEndian(UInt64.self, at: 0).map({ $0 > bytes.count }) ?? true
    {
      self = try ShardIndex.open(file)
    } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
      self = try Self.safetensors(file)
    } else {
      throw Self.unknown(file)
    }
  }

  private static func archive(_ file: MappedFile) throws -> TensorFile {
    let directory = try ZipArchive(file, .npz)
    // NumPy's arrays all end in .npy; torch.save never writes such a name.
    if directory.entries.allSatisfy({ $0.name.hasSuffix(".npy") }) {
      return try npz(file, directory)
    }
    guard !directory.entries.contains(where: { $0.name.hasSuffix("/constants.pkl") }) else {
      throw TensorFileError(
        file.path, "a TorchScript program, which Levin does not run",
        advice: "Save its state_dict()")
    }
    return try torch(file, ZipArchive(file, .torch))
  }

  private static func unknown(_ file: MappedFile) -> TensorFileError {
    let bytes = file.bytes
    if bytes.starts(with: "PYTORCH1".utf8)
      || bytes.count > 262 && bytes.part(257..<262).elementsEqual("ustar".utf8)
    {
      return TensorFileError(
        file.path, "a file from PyTorch before 0.1.10, which Levin does not read",
        advice: "Load it with an old PyTorch and save it again")
    }
    if bytes.count > 1, bytes[0] == 0x80, (2...5).contains(bytes[1]) {
      return TensorFileError(
        file.path, "a pickle, but none that torch.save wrote",
        advice: "Levin runs nothing; load it in Python only if you trust it, and save the tensors "
          + "as safetensors")
    }
    return TensorFileError(
      file.path,
      "no file of tensors that Levin knows: it begins with \(shown(bytes.prefix(8)))",
      advice: "Expected safetensors, a file of torch.save, .npy or .npz")
  }

  private static func shown(_ bytes: some Collection<UInt8>) -> String {
    bytes.isEmpty
      ? "nothing"
      : bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}

internal import LevinSystem

extension SafetensorsFile {
  /// Reads a whole file; throws a ``FileError`` if it cannot be read, and a ``SafetensorsError``
  /// if it breaks the format's rules.
  public init(path: String) throws {
    try self.init(MappedFile(path))
  }

  /// Reads `bytes`, the content of the file at `path`.
  public init(_ bytes: [UInt8], path: String) throws(SafetensorsError) {
    try self.init(MappedFile(bytes, path: path))
  }

  private init(_ file: MappedFile) throws(SafetensorsError) {
    let header = try SafetensorsHeader(file.bytes, path: file.path)
    metadata = header.metadata
    entries = header.entries.map { entry in
      let content = file.bytes.part(header.dataStart + entry.start..<header.dataStart + entry.end)
      return (entry.name, Entry(dtype: entry.dtype, shape: entry.shape, bytes: Array(content)))
    }
  }
}

extension TensorFile {
  /// Reads the header of a safetensors file.
  static func safetensors(_ file: MappedFile) throws(SafetensorsError) -> TensorFile {
    let header = try SafetensorsHeader(file.bytes, path: file.path)
    let block = DataBlock(file, header.dataStart..<file.bytes.count, name: "the data")
    let entries = header.entries.map { entry in
      guard let type = ElementType(safetensors: entry.dtype) else {
        let error = TensorFileError(
          file.path, at: entry.offset, "'\(entry.name)' has the unknown dtype '\(entry.dtype)'",
          advice: "Convert it in Python to one of the format's types")
        return Entry(entry.name, shape: entry.shape, .refused(typeName: entry.dtype, error))
      }
      return Entry(
        entry.name, shape: entry.shape, .readable(type, .init(block: block, start: entry.start)))
    }
    var result = TensorFile(path: file.path, format: .safetensors, entries: entries)
    result.metadata = header.metadata
    return result
  }
}

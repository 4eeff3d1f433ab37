internal import CLevinRuntime

extension SafetensorsFile {
  /// The CRC-32C of all content, whatever its order in the file.
  ///
  /// The metadata comes first, sorted by key: each key and text. Then the arrays, sorted by name: each name, dtype,
  /// shape and bytes. Names are sorted by their UTF-8 bytes. Each string, shape and array is preceded by its length,
  /// and both lists by their count; these numbers and the sizes of a shape are 8 bytes, little endian.
  ///
  /// - Parameter key: The key of the metadata that is left out, because it holds the checksum.
  public func checksum(leavingOut key: String) -> UInt32 {
    var checksum = ContentChecksum(metadata, leavingOut: key, arrayCount: entries.count)
    for (name, entry) in Self.sorted(entries, by: \.name) {
      checksum.add(name, entry.dtype, entry.shape, byteCount: entry.bytes.count)
      entry.bytes.withUnsafeBytes { checksum.add($0) }
    }
    return checksum.value
  }

  /// The checksum of a file with these tensors and this metadata, without a copy of the tensors.
  ///
  /// All types must be among those of the format.
  package static func checksum(
    of sources: [TensorFile.Source], _ metadata: [String: String], leavingOut key: String
  ) throws -> UInt32 {
    var checksum = ContentChecksum(metadata, leavingOut: key, arrayCount: sources.count)
    for source in sorted(sources, by: \.name) {
      let dtype = source.elementType.safetensorsName ?? ""
      checksum.add(source.name, dtype, source.shape, byteCount: source.byteCount)
      try source.pass { checksum.add($0) }
    }
    return checksum.value
  }

  fileprivate static func sorted<Item>(
    _ items: [Item], by name: KeyPath<Item, String>
  ) -> [Item] {
    items.sorted { $0[keyPath: name].utf8.lexicographicallyPrecedes($1[keyPath: name].utf8) }
  }
}

/// The CRC-32C of metadata and arrays, which are added in their order.
private struct ContentChecksum {
  private(set) var value: UInt32 = 0

  init(_ metadata: [String: String], leavingOut key: String, arrayCount: Int) {
    let texts = SafetensorsFile.sorted(metadata.filter { $0.key != key }.map { $0 }, by: \.key)
    add(texts.count)
    for (key, text) in texts {
      add(key)
      add(text)
    }
    add(arrayCount)
  }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    if let start = bytes.baseAddress { value = levin_crc32c(value, start, bytes.count) }
  }

  /// What precedes the bytes of an array.
  mutating func add(_ name: String, _ dtype: String, _ shape: [Int], byteCount: Int) {
    add(name)
    add(dtype)
    add(shape.count)
    for size in shape { add(size) }
    add(byteCount)
  }

  private mutating func add(_ number: Int) {
    withUnsafeBytes(of: UInt64(number).littleEndian) { add($0) }
  }

  private mutating func add(_ text: String) {
    add(text.utf8.count)
    Array(text.utf8).withUnsafeBytes { add($0) }
  }
}

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
    var checksum: UInt32 = 0
    func add(_ bytes: [UInt8]) {
      bytes.withUnsafeBytes { bytes in
        if let start = bytes.baseAddress { checksum = levin_crc32c(checksum, start, bytes.count) }
      }
    }
    func add(_ number: Int) {
      withUnsafeBytes(of: UInt64(number).littleEndian) { add(Array($0)) }
    }
    func add(_ text: String) {
      add(text.utf8.count)
      add(Array(text.utf8))
    }
    let texts = metadata.filter { $0.key != key }.sorted {
      $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    add(texts.count)
    for (key, text) in texts {
      add(key)
      add(text)
    }
    let arrays = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    add(arrays.count)
    for (name, entry) in arrays {
      add(name)
      add(entry.dtype)
      add(entry.shape.count)
      entry.shape.forEach(add)
      add(entry.bytes.count)
      add(entry.bytes)
    }
    return checksum
  }
}

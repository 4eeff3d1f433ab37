internal import CLevinRuntime

extension SafetensorsFile {
  /// CRC-32C of all content, whatever its order in the file: the metadata by key, each key and text; then the
  /// arrays by name, each name, dtype, shape and bytes.
  ///
  /// Names are ordered by their UTF-8 bytes. Each string, shape and array is preceded by its length, each
  /// of the two lists by its count; all of these numbers and the sizes of a shape have 8 bytes, little endian.
  ///
  /// - Parameter key: Metadata that is left out, because it holds the checksum.
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

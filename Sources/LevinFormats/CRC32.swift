internal import CLevinRuntime
internal import CZlib

/// The checksum of gzip, zip archives and PNG files.
enum CRC32 {
  /// The CRC-32 of `bytes`, which follow others with the checksum `before`.
  static func of(_ bytes: UnsafeRawBufferPointer, after before: UInt32 = 0) -> UInt32 {
    guard let start = bytes.baseAddress else { return before }
    var sum = before
    if levin_crc32(&sum, start, bytes.count) { return sum }
    return UInt32(
      truncatingIfNeeded: crc32_z(
        uLong(before), start.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  /// The CRC-32 of `bytes`.
  static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.withUnsafeBytes { of($0) } }
}

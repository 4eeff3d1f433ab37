internal import CLevinKernels

enum TFRecord {
  /// CRC-32C of `bytes`, rotated and shifted as the format wants it.
  static func maskedChecksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    let checksum = bytes.baseAddress.map { levin_crc32c(0, $0, bytes.count) } ?? 0
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }
}

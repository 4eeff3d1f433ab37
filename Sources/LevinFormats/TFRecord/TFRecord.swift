internal import CLevinKernels

/// TFRecord framing: length, masked CRC-32C of the length, payload, masked CRC-32C of the payload; little endian.
public enum TFRecord {
  /// What framing adds to a payload, in bytes.
  public static let overhead = 16

  /// CRC-32C of `bytes`, rotated and offset as TFRecord wants it.
  public static func maskedChecksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    let crc = bytes.baseAddress.map { levin_crc32c(0, $0, bytes.count) } ?? 0
    return (crc >> 15 | crc << 17) &+ 0xa282_ead8
  }

  /// Appends the record of `payload`.
  public static func append(_ payload: UnsafeRawBufferPointer, to file: inout [UInt8]) {
    file.reserveCapacity(file.count + payload.count + overhead)
    var length = UInt64(payload.count).littleEndian
    withUnsafeBytes(of: &length) {
      file.append(contentsOf: $0)
      append(maskedChecksum(of: $0), to: &file)
    }
    file.append(contentsOf: payload)
    append(maskedChecksum(of: payload), to: &file)
  }

  private static func append(_ word: UInt32, to file: inout [UInt8]) {
    withUnsafeBytes(of: word.littleEndian) { file.append(contentsOf: $0) }
  }
}

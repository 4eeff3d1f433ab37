internal import CLevinRuntime

/// TFRecord framing: length, masked CRC-32C of the length, payload, masked CRC-32C of the payload; little endian.
public enum TFRecord {
  /// The number of bytes that framing adds to a payload.
  public static let overhead = 16

  /// The CRC-32C of `bytes`, rotated and offset as TFRecord requires.
  public static func maskedChecksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    let crc = bytes.baseAddress.map { levin_crc32c(0, $0, bytes.count) } ?? 0
    return (crc >> 15 | crc << 17) &+ 0xa282_ead8
  }

  /// The offset of the payload in a record.
  public static let payloadOffset = 12

  /// Completes `record`, whose payload is at ``payloadOffset``: writes length and checksums.
  ///
  /// `record` has the payload's bytes and ``overhead``.
  public static func seal(_ record: UnsafeMutableRawBufferPointer) {
    let count = record.count - overhead
    record.storeBytes(of: UInt64(count).littleEndian, as: UInt64.self)
    let length = UnsafeRawBufferPointer(rebasing: record[..<8])
    record.storeBytes(
      of: maskedChecksum(of: length).littleEndian, toByteOffset: 8, as: UInt32.self)
    let payload = UnsafeRawBufferPointer(rebasing: record[payloadOffset..<payloadOffset + count])
    record.storeBytes(
      of: maskedChecksum(of: payload).littleEndian, toByteOffset: payloadOffset + count,
      as: UInt32.self)
  }

  /// Appends the record of `payload`.
  public static func append(_ payload: UnsafeRawBufferPointer, to file: inout [UInt8]) {
    let start = file.count
    file.append(contentsOf: repeatElement(0, count: payloadOffset))
    file.append(contentsOf: payload)
    file.append(contentsOf: repeatElement(0, count: overhead - payloadOffset))
    file.withUnsafeMutableBytes { seal(UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
  }
}

internal import CZlib
internal import LevinSystem

extension Gzip {
  /// Compresses `bytes` as one member without a name or a time, so that the same bytes always give the same file.
  public static func deflate(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
    // A zlib stream is two bytes, the compressed data, and a checksum of four bytes.
    let data = zlibStream(bytes, level: level).dropFirst(2).dropLast(4)
    let sum = bytes.withUnsafeBytes { CRC32.of($0) }
    var file: [UInt8] = [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff]
    file += data
    for word in [sum, UInt32(truncatingIfNeeded: bytes.count)] {
      for shift in stride(from: 0, to: 32, by: 8) {
        file.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
      }
    }
    return file
  }

  /// The bytes as a zlib stream (RFC 1950).
  static func zlibStream(_ bytes: [UInt8], level: Int) -> [UInt8] {
    var length = compressBound(uLong(bytes.count))
    return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      let status = compress2(buffer.baseAddress, &length, bytes, uLong(bytes.count), Int32(level))
      guard status == Z_OK else {
        fail("deflate", "an error of zlib, \(status)", expected: "memory to compress in")
      }
      count = Int(length)
    }
  }
}

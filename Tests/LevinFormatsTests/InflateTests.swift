import CLevinDeflate
import Foundation
import LevinFormats
import Testing

/// Packed data by libdeflate, which takes whole valid streams alone, and by zlib where there is none.
@Suite struct InflateTests {
  private static let text = Array("hello, hello, hello, gzip\n".utf8)

  /// Python's gzip file of the text, and its packed data in the other wrappings.
  private static func streams() throws -> [(LevinDeflateWrapping, [UInt8])] {
    let file = try GoldenFile.bytes("hello.gz")
    let bare = Array(file[10..<26])
    // zlib.adler32 of Python.
    let adler: [UInt8] = [0x7b, 0xff, 0x08, 0xe5]
    return [
      (LevinDeflateGzip, file), (LevinDeflateBare, bare),
      (LevinDeflateZlib, [0x78, 0x9c] + bare + adler),
    ]
  }

  /// The data; nil if this is not a stream of so many bytes, or if there is no libdeflate.
  private static func inflated(
    _ wrapping: LevinDeflateWrapping, _ packed: [UInt8], count: Int = text.count
  ) -> [UInt8]? {
    var data = [UInt8](repeating: 0xaa, count: count)
    return levin_inflate(wrapping, packed, packed.count, &data, count) ? data : nil
  }

  /// In CI the library must be there.
  static var canInflateAtOnce: Bool {
    let isThere = (try? streams()).map { inflated($0[0].0, $0[0].1) != nil } ?? false
    return isThere || ProcessInfo.processInfo.environment["CI"] == "true"
  }

  @Test(.enabled(if: canInflateAtOnce)) func wholeStreams() throws {
    for (wrapping, packed) in try Self.streams() {
      #expect(Self.inflated(wrapping, packed) == Self.text, "\(wrapping)")
    }
  }

  @Test func nothingElse() throws {
    for (wrapping, packed) in try Self.streams() {
      for count in packed.indices {
        #expect(Self.inflated(wrapping, Array(packed[..<count])) == nil, "\(wrapping) \(count)")
      }
      #expect(Self.inflated(wrapping, packed + [0]) == nil)
      #expect(Self.inflated(wrapping, packed, count: Self.text.count - 1) == nil)
      #expect(Self.inflated(wrapping, packed, count: Self.text.count + 1) == nil)
      if wrapping == LevinDeflateBare { continue }
      var damaged = packed
      damaged[packed.count - (wrapping == LevinDeflateGzip ? 8 : 1)] ^= 1
      #expect(Self.inflated(wrapping, damaged) == nil, "\(wrapping): the checksum")
    }
  }

  /// What is read in this process, with the library if there is one, is read without it.
  @Test func zlibReadsTheSame() async {
    await #expect(processExitsWith: .success) {
      setenv("LEVIN_LIBDEFLATE", "/nowhere/libdeflate.so", 1)
      let streams = try InflateTests.streams()
      #expect(InflateTests.inflated(streams[0].0, streams[0].1) == nil)
      let (text, zeros) = (InflateTests.text, [UInt8](repeating: 0, count: 1_000_000))
      #expect(try Gzip.inflate(streams[0].1, path: "f", limit: text.count) == text)
      let million = Gzip.deflate(zeros)
      #expect(try Gzip.inflate(million, path: "f", limit: zeros.count) == zeros)
      for place in million.count - 8..<million.count {
        var damaged = million
        damaged[place] ^= 1
        #expect(throws: GzipError.self) {
          try Gzip.inflate(damaged, path: "f", limit: zeros.count + 2)
        }
      }
      for picture in try PNGDecodeTests.pictures() {
        let pixels = try PNG.decode(Array(picture.png))
        #expect(PNGDecodeTests.rgba(pixels) == Array(picture.rgba), "\(picture.name)")
      }
      let archive = try GoldenFile.bytes("zeros.npz", in: "torch")
      let array = try TensorFile(archive, path: "f")["w"]?.bytes()
      #expect(array == [UInt8](repeating: 0, count: 8000))
    }
  }

  /// A header's checksum is compared, although libdeflate does not (RFC 1952, FHCRC).
  @Test func aChecksumOfTheHeader() throws {
    let file = try GoldenFile.bytes("hello.gz")
    let header: [UInt8] = [0x1f, 0x8b, 8, 2, 0, 0, 0, 0, 2, 3]
    let sum = crc32(header)
    let low = [UInt8(truncatingIfNeeded: sum), UInt8(truncatingIfNeeded: sum >> 8)]
    #expect(try Gzip.inflate(header + low + file[10...], path: "f", limit: 26) == Self.text)
    let error = #expect(throws: GzipError.self) {
      try Gzip.inflate(header + [low[0], low[1] ^ 1] + file[10...], path: "f", limit: 26)
    }
    #expect(error?.problem == .damaged)
  }

  /// As some writers leave them, and other readers ignore.
  @Test func bytesAfterThePixelsOfAPNGFile() throws {
    let file = PNG.encode(width: 5, height: 4, channels: 1, pixels: Array(0..<20))
    // Signature 8, IHDR 25; then the chunk of the pixels: length, name, data, checksum.
    let length = Int(file[35]) << 8 | Int(file[36])
    let content = Array("IDAT".utf8) + file[41..<41 + length] + [1, 2, 3]
    let longer: [UInt8] = [0, 0, UInt8((length + 3) >> 8), UInt8((length + 3) & 255)]
    let sum = withUnsafeBytes(of: crc32(content).bigEndian) { Array($0) }
    let changed = file[..<33] + longer + content + sum + file[(45 + length)...]
    #expect(try PNG.decode(Array(changed)).bytes == Array(0..<20))
  }
}

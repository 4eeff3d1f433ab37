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

  @Test func aFileIsReadWhereItLies() throws {
    let path = GoldenFile.path("hello.gz")
    #expect(try Gzip.inflate(contentsOf: path, limit: 26) == Self.text)
    let error = #expect(throws: GzipError.self) {
      try Gzip.inflate(contentsOf: path, limit: 25)
    }
    #expect(error?.description.hasPrefix(path + ": byte 34: ") == true)
    #expect(throws: (any Error).self) { try Gzip.inflate(contentsOf: "/nowhere.gz", limit: 9) }
  }
}

import LevinFormats
import Testing

@Suite struct GzipTests {
  private let text = Array("hello, hello, hello, gzip\n".utf8)

  @Test func inflatesWhatPythonCompressed() throws {
    let data = try Gzip.inflate(GoldenFile.bytes("hello.gz"), path: "hello.gz", limit: 1000)
    #expect(data == text)
  }

  /// As made by `cat a.gz b.gz`, by bgzip with its empty last member, and by tar with its padding (RFC 1952, 2.2).
  @Test func inflatesSeveralMembersAndZeroPadding() throws {
    let file = try GoldenFile.bytes("hello.gz")
    // gzip.compress(b"") of Python.
    let empty: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let zeros = [UInt8](repeating: 0, count: 1000)
    for (parts, count) in [
      ([file, file], 2), ([file, file, file], 3), ([empty, file], 1), ([file, empty], 1),
      ([file, empty, file], 2), ([empty, empty], 0), ([empty], 0), ([file, zeros], 1),
      ([file, [0]], 1), ([file, zeros, file, zeros], 2),
    ] {
      let whole = Array(repeatElement(text, count: count).joined())
      let bytes = Array(parts.joined())
      #expect(try Gzip.inflate(bytes, path: "members.gz", limit: whole.count) == whole)
    }
  }

  /// More data than one piece, in members that end anywhere.
  @Test func inflatesLargeMembers() throws {
    let zeros = try GoldenFile.bytes("zeros-100000.gz")
    let file = try GoldenFile.bytes("hello.gz")
    let data = try Gzip.inflate(zeros + file + zeros, path: "large.gz", limit: 1_000_000)
    let expected = [UInt8](repeating: 0, count: 100_000)
    #expect(data == expected + text + expected)
  }

  @Test func theLimitIsInclusive() throws {
    let file = try GoldenFile.bytes("hello.gz")
    #expect(try Gzip.inflate(file, path: "hello.gz", limit: text.count) == text)
    #expect(throws: GzipError.self) {
      try Gzip.inflate(file, path: "hello.gz", limit: text.count - 1)
    }
  }

  /// Every cut and every damaged byte is detected, except in fields of the header that carry no data.
  @Test func everyCutAndEveryFlippedByteIsRefused() throws {
    let file = try GoldenFile.bytes("hello.gz")
    for length in file.indices {
      #expect(throws: GzipError.self) {
        try Gzip.inflate(Array(file[..<length]), path: "cut.gz", limit: 1000)
      }
    }
    for place in file.indices where !(3..<10).contains(place) {
      var damaged = file
      damaged[place] ^= 0x10
      #expect(throws: GzipError.self, "byte \(place)") {
        try Gzip.inflate(damaged, path: "damaged.gz", limit: 1000)
      }
    }
  }

  @Test(arguments: [
    ("empty", "hello.gz: byte 0: the file is empty, but a gzip file was expected."),
    ("html", "hello.gz: byte 0: not a gzip file: it starts with 3c 21 64, expected 1f 8b 08."),
    (
      "cut",
      "hello.gz: byte 30: the file is cut short: its compressed data goes on after the last byte."
    ),
    ("data", "hello.gz: byte 11: the compressed data is damaged."),
    (
      "checksum",
      "hello.gz: byte 26: the data does not match the checksum (CRC-32) stored after it."
    ),
    (
      "length", "hello.gz: byte 30: the data does not match the length stored after it (27 bytes)."
    ),
    ("lie", "hello.gz: byte 30: the data does not match the length stored after it (2001 bytes)."),
    ("trailing", "hello.gz: byte 35: 3 bytes follow the end of the data."),
    (
      "second",
      "hello.gz: byte 54: the file is cut short: its compressed data goes on after the last byte."
    ),
    (
      "second's checksum",
      "hello.gz: byte 60: the data does not match the checksum (CRC-32) stored after it."
    ),
    (
      "huge, in two",
      "hello.gz: byte 68: the data goes on after the 51 bytes that such a file can hold."
    ),
    (
      "huge",
      "hello.gz: byte 34: the data goes on after the 25 bytes that such a file can hold."
    ),
  ])
  func errorsSayWhatAndWhere(damage: String, message: String) throws {
    var file = try GoldenFile.bytes("hello.gz")
    var limit = 1000
    switch damage {
    case "empty": file = []
    case "html": file = Array("<!doctype html><html><body>Sign in</body></html>".utf8)
    case "cut": file.removeLast(4)
    case "data": file[10] = 0xff
    case "checksum": file[26] ^= 1
    case "length": file[30] += 1
    case "trailing": file += [0, 1, 2, 0]
    case "second": file += file[..<20]
    case "second's checksum":
      file += file
      file[26 + 34] ^= 1
    case "huge, in two":
      file += file
      limit = 51
    case "huge": limit = 25
    default: file.replaceSubrange(30..<34, with: [0xd1, 0x07, 0, 0])
    }
    let error = #expect(throws: GzipError.self) {
      try Gzip.inflate(file, path: "hello.gz", limit: limit)
    }
    #expect(error?.description == message + " Delete the file and download it again.")
  }
}

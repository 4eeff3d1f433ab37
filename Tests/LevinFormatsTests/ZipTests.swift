import LevinFormats
import Testing

/// Archives that other readers understand differently are refused.
@Suite struct ZipTests {
  private static let whole = Zipper.torch(
    P.pickle(
      P.dictionary(P.text("w"), P.tensor(P.storage(count: P.int(1)), shape: [1], strides: [1]))),
    [[0, 0, 0x80, 0x3f]])

  private func problem(_ change: (inout Zipper) -> Void) -> String? {
    var zipper = Self.whole
    change(&zipper)
    let error = #expect(throws: TensorFileError.self) { try TensorFile(zipper.bytes, path: "f") }
    let prefix = "not a valid zip archive: "
    guard let problem = error?.problem else { return nil }
    return problem.hasPrefix(prefix) ? String(problem.dropFirst(prefix.count)) : problem
  }

  @Test func aPlainArchiveIsRead() throws {
    let file = try TensorFile(Self.whole.bytes, path: "f")
    #expect(try file["w"]?.bytes() == [0, 0, 0x80, 0x3f])
    // A checksum of 0 was not computed.
    var none = Self.whole
    none.entries[2].checksum = 0
    #expect(try TensorFile(none.bytes, path: "f")["w"]?.bytes() == [0, 0, 0x80, 0x3f])
  }

  @Test func aWrongChecksumIsFoundWhenTheBytesAreRead() throws {
    var zipper = Self.whole
    zipper.entries[2].checksum = 5
    let file = try TensorFile(zipper.bytes, path: "f")
    let error = #expect(throws: TensorFileError.self) { try file["w"]?.bytes() }
    #expect(
      error?.problem
        == "'archive/data/0' is damaged: its CRC-32 is \(String(crc32([0, 0, 0x80, 0x3f]), radix: 16)), "
        + "expected 00000005")
    #expect(problem { $0.entries[0].checksum = 5 } == "the CRC-32 of 'archive/data.pkl' is wrong")
  }

  @Test func namesArePlainAndUnique() {
    #expect(
      problem { $0.entries.append($0.entries[2]) } == "two entries are called 'archive/data/0'")
    for name in [
      "archive/../x", "/x", "archive\\..\\x", "archive//x", "archive/./x", "archive/", "a\u{0}b",
    ] {
      #expect(
        problem { $0.entries.append(.init(name: name, bytes: [])) }
          == "an entry is called '\(name)', expected a relative path without '.', '..' and '\\'")
    }
    #expect(
      problem { $0.entries.append(.init(name: "other/x", bytes: [])) }
        == "an archive with 2 folders at its top, expected one, as torch.save writes")
    #expect(
      problem { $0.entries[0].name = "archive/DATA.PKL" }
        == "an archive without 'archive/data.pkl' and 'archive/version', which torch.save writes")
  }

  @Test func nothingIsPackedEncryptedOrHidden() {
    #expect(
      problem { $0.entries[2].method = 8 }
        == "'archive/data/0' is compressed (method 8), expected stored bytes, as torch.save writes")
    #expect(
      problem { $0.entries[2].flags = 0x0801 }
        == "'archive/data/0' has the flags 0x801, expected at most 0x808; it is encrypted")
    let end =
      "the file does not end with an end record; it is cut short, or has more bytes behind its end"
    #expect(problem { $0.comment = [1, 2, 3] } == end)
    #expect(problem { $0.after = [0] } == end)
    #expect(
      problem { $0.before = Array("PK\u{3}\u{4}".utf8) }
        == "the first entry begins at byte 4, expected 0")
  }

  @Test func headersAgree() {
    let differ = "the header of 'archive/data/0' and that in the directory differ"
    #expect(problem { $0.entries[2].localName = "archive/data/1" } == differ)
    #expect(problem { $0.entries[2].localFlags = 0 } == differ)
    #expect(problem { $0.entries[2].offset = 0 }?.hasSuffix("inside another entry") == true)
    #expect(problem { $0.entries[2].offset = 1 << 30 } == "expected the header of 'archive/data/0'")
    #expect(
      problem {
        $0.entries[2].size = 1 << 31
        $0.entries[2].packedSize = 1 << 31
      }?.hasPrefix("'archive/data/0' claims to have 2147483648 bytes, but at most") == true)
    #expect(
      problem {
        // The version claims the bytes of the entry behind it.
        $0.entries[1].size = 40
        $0.entries[1].packedSize = 40
      }?.hasSuffix("inside another entry") == true)
    #expect(
      problem { $0.count = 2 }?.hasSuffix("follow the last entry of the directory, expected none")
        == true)
    #expect(problem { $0.count = 60000 }?.hasPrefix("it says that it has 60000 entries") == true)
    #expect(problem { $0.directoryOffset = 7 }?.hasPrefix("the directory has") == true)
  }

  @Test func theVersionAndTheByteOrderAreKnown() {
    for version in ["99\n", "abc", "0", ""] {
      #expect(
        problem { $0.entries[1].bytes = Array(version.utf8) }
          == "the archive has the version '\(version.filter { $0 != "\n" })', expected 1 to 10")
    }
    #expect(
      problem { $0.entries.append(.init(name: "archive/byteorder", bytes: Array("big".utf8))) }
        == "the file was not written on a little-endian machine")
  }

  @Test func everyCutIsRefused() throws {
    let whole = try GoldenFile.bytes("state_dict.pt", in: "torch")
    for length in 4..<whole.count {
      #expect(throws: TensorFileError.self) { try TensorFile(Array(whole[..<length]), path: "f") }
    }
  }
}

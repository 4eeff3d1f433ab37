import Foundation
import LevinFormats
import Testing

@Suite struct TarTests {
  /// A header and its file, as the standard says (POSIX.1-1988).
  private func entry(_ name: String, _ content: [UInt8], kind: Character = "0", prefix: String = "")
    -> [UInt8]
  {
    func field(_ text: String, _ size: Int) -> [UInt8] {
      Array(text.utf8) + [UInt8](repeating: 0, count: size - text.utf8.count)
    }
    func octal(_ number: Int, _ size: Int) -> [UInt8] {
      let digits = String(number, radix: 8)
      return field(String(repeating: "0", count: size - 1 - digits.count) + digits, size)
    }
    let start =
      field(name, 100) + octal(0o644, 8) + octal(0, 8) + octal(0, 8)
      + octal(content.count, 12) + octal(0, 12)
    let end =
      [kind.asciiValue ?? 0] + field("", 100) + Array("ustar".utf8) + [0, 0x30, 0x30]
      + field("me", 32) + field("us", 32) + octal(0, 8) + octal(0, 8) + field(prefix, 155)
      + [UInt8](repeating: 0, count: 12)
    let blank = [UInt8](repeating: 0x20, count: 8)
    let sum = (start + blank + end).reduce(0) { $0 + Int($1) }
    let header = start + octal(sum, 7) + [0x20] + end
    let padding = [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    return header + content + padding
  }
  private let end = [UInt8](repeating: 0, count: 1024)

  @Test func filesAreFound() throws {
    let long = String(repeating: "x", count: 120) + "/long.bin"
    let pax = "path=p/pax.bin\n"
    let line = "\(pax.utf8.count + 3) \(pax)"
    let archive =
      entry("top/", [], kind: "5") + entry("top/a.bin", [1, 2, 3])
      + entry("b.bin", [UInt8](repeating: 7, count: 512), prefix: "deep/er")
      + entry("././@LongLink", Array(long.utf8) + [0], kind: "L") + entry("cut", [9])
      + entry("empty", []) + entry("header", Array(line.utf8), kind: "x") + entry("short", [8])
      + end
    for piece in [1, 7, 512, 1000, archive.count] {
      let files = try files(archive, piece: piece)
      #expect(files.map(\.name) == ["top/a.bin", "deep/er/b.bin", long, "empty", "p/pax.bin"])
      #expect(files.map(\.content.count) == [3, 512, 1, 0, 1])
      #expect(files[0].content == [1, 2, 3] && files[2].content == [9] && files[4].content == [8])
    }
    // Archives without an end are read, too.
    #expect(try files(Array(archive.dropLast(1024))).count == 5)
  }

  @Test func packedArchivesAreReadToTheirEnd() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "\(UUID().uuidString).tar.gz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    let packed = Gzip.deflate(entry("big", content) + entry("small", [4]) + end)
    func read() throws -> [String: [UInt8]] {
      var found: [String: [UInt8]] = [:]
      try TarReader.read(packed: path) { name, piece, _ in found[name, default: []] += piece }
      return found
    }
    try Data(packed).write(to: URL(filePath: path))
    #expect(try read() == ["big": content, "small": [4]])
    try Data(packed.dropLast(4)).write(to: URL(filePath: path))
    let truncated = #expect(throws: GzipError.self) { try read() }
    #expect(truncated?.problem == .truncated && truncated?.offset == packed.count - 4)
    let half = Array(entry("big", content).dropLast(700))
    try Data(Gzip.deflate(half)).write(to: URL(filePath: path))
    let cut = #expect(throws: TarError.self) { try read() }
    #expect(cut?.description == "\(path): byte 0: a file is longer than the archive")
  }

  /// The files of an archive that is taken in pieces.
  private func files(
    _ archive: [UInt8], piece: Int = 999
  ) throws -> [(name: String, content: [UInt8])] {
    var reader = TarReader(path: "t.tar")
    var (result, isOpen): ([(name: String, content: [UInt8])], Bool) = ([], false)
    for start in stride(from: 0, to: archive.count, by: piece) {
      try archive[start..<min(start + piece, archive.count)].withUnsafeBytes { bytes in
        try reader.take(bytes) { name, part, isLast in
          if !isOpen { result.append((name, [])) }
          result[result.count - 1].content += part
          isOpen = !isLast
        }
      }
    }
    try reader.finish()
    return result
  }

  @Test func damageIsNamed() throws {
    let archive = entry("a", [1, 2, 3]) + end
    func message(_ bytes: [UInt8]) -> String {
      do { return "\(try files(bytes).count) files" } catch { return "\(error)" }
    }
    #expect(message(Array(archive.prefix(300))) == "t.tar: byte 0: the archive is cut short")
    #expect(
      message(Array(archive.prefix(513))) == "t.tar: byte 0: a file is longer than the archive")
    for place in stride(from: 0, to: 512, by: 3) {
      var changed = archive
      changed[place] ^= 0x15
      _ = message(changed)
    }
    var changed = archive
    changed[0] = 0x62
    #expect(message(changed) == "t.tar: byte 0: the checksum of a header is wrong")
  }
}

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
      + entry("header", Array(line.utf8), kind: "x") + entry("short", [8]) + end
    let tar = try TarArchive(archive, path: "t.tar")
    #expect(tar.entries.map(\.name) == ["top/a.bin", "deep/er/b.bin", long, "p/pax.bin"])
    #expect(tar.content(of: "a.bin") == [1, 2, 3])
    #expect(tar.content(of: "deep/er/b.bin")?.count == 512)
    #expect(tar.content(of: "long.bin") == [9] && tar.content(of: "pax.bin") == [8])
    #expect(tar.content(of: "bin") == nil)
    // Archives without an end are read, too.
    #expect(try TarArchive(Array(archive.dropLast(1024)), path: "t.tar").entries.count == 4)
  }

  @Test func damageIsNamed() throws {
    let archive = entry("a", [1, 2, 3]) + end
    func message(_ bytes: [UInt8]) -> String {
      do throws(TarError) {
        _ = try TarArchive(bytes, path: "t.tar")
        return ""
      } catch {
        return error.description
      }
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

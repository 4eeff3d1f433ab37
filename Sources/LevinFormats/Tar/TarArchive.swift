/// The files of a tar archive (POSIX ustar, with the long names of pax and GNU), as parts of its bytes.
///
/// Nothing is written anywhere, so paths that lead outside of a folder are just names.
public struct TarArchive: Sendable {
  /// A file of the archive.
  public struct Entry: Sendable, Hashable {
    /// The path in the archive.
    public let name: String
    /// Its bytes in the archive's.
    public let range: Range<Int>
  }
  /// The regular files, in order.
  public private(set) var entries: [Entry] = []
  private let bytes: [UInt8]

  /// Reads the headers of an archive.
  ///
  /// - Parameter path: The archive's name in errors.
  public init(_ bytes: [UInt8], path: String) throws(TarError) {
    self.bytes = bytes
    var offset = 0
    var longName: String?
    while offset < bytes.count {
      guard bytes.count - offset >= 512 else {
        throw TarError(path: path, offset: offset, problem: "the archive is cut short")
      }
      let header = Array(bytes[offset..<offset + 512])
      if header.allSatisfy({ $0 == 0 }) { return }
      let sum = header.enumerated().reduce(0) { sum, byte in
        sum + Int((148..<156).contains(byte.offset) ? 0x20 : byte.element)
      }
      guard Self.number(header[148..<156]) == sum else {
        throw TarError(path: path, offset: offset, problem: "the checksum of a header is wrong")
      }
      guard let size = Self.number(header[124..<136]), size <= bytes.count - offset - 512 else {
        throw TarError(path: path, offset: offset, problem: "a file is longer than the archive")
      }
      let content = offset + 512..<offset + 512 + size
      switch header[156] {
      case 0x30, 0:
        let prefix = Self.text(header[345..<500])
        let own = Self.text(header[0..<100])
        let isPOSIX = header[257..<262].elementsEqual("ustar".utf8)
        let name = isPOSIX && !prefix.isEmpty ? prefix + "/" + own : own
        entries.append(Entry(name: longName ?? name, range: content))
        longName = nil
      case 0x4c: longName = Self.text(bytes[content])
      case 0x78: longName = Self.paxPath(bytes[content]) ?? longName
      default: longName = nil
      }
      offset = content.upperBound + (512 - size % 512) % 512
    }
  }

  /// The bytes of the file whose path ends with `name`; nil if there is none.
  public func content(of name: String) -> ArraySlice<UInt8>? {
    entries.first { $0.name == name || $0.name.hasSuffix("/" + name) }.map { bytes[$0.range] }
  }

  /// An octal number with blanks and zeros around it; nil if it is not one.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in field where byte != 0x20 && byte != 0 {
      guard (0x30...0x37).contains(byte), value < 1 << 58 else { return nil }
      value = value * 8 + Int(byte - 0x30)
    }
    return value
  }

  private static func text(_ field: ArraySlice<UInt8>) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The path of a pax header: lines of a length, a key and a value.
  private static func paxPath(_ content: ArraySlice<UInt8>) -> String? {
    for line in content.split(separator: 0x0a) {
      let text = String(decoding: line, as: UTF8.self)
      guard let blank = text.firstIndex(of: " ") else { continue }
      let entry = text[text.index(after: blank)...]
      if entry.hasPrefix("path=") { return String(entry.dropFirst(5)) }
    }
    return nil
  }
}

/// What is wrong with a tar archive.
public struct TarError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The archive.
  public let path: String
  /// The byte at which the problem was found.
  public let offset: Int
  /// What is wrong.
  public let problem: String
  /// The archive, the byte, and what is wrong.
  public var description: String { "\(path): byte \(offset): \(problem)" }
}

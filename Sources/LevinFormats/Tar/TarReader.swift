internal import LevinSystem

/// Reads the files of a tar archive (POSIX ustar, with the long names of pax and GNU) piece by piece, in little memory.
///
/// Nothing is written anywhere, so paths that lead outside of a folder are just names.
public struct TarReader {
  /// Takes a piece of a regular file: its path in the archive, the bytes, and whether they are the last ones.
  public typealias Receiver = (
    _ name: String, _ piece: UnsafeRawBufferPointer, _ isLast: Bool
  ) throws -> Void

  private enum State {
    case header
    /// A file's content, of which `rest` bytes are missing; `name` is nil for one that is only a name or nothing.
    case content(name: String?, rest: Int)
    case padding(rest: Int)
    case ended
  }

  private let path: String
  private var state = State.header
  /// The place of the current header, and the number of bytes that were taken.
  private var start = 0
  private var offset = 0
  /// The header, or the content that is a name, as far as it was taken.
  private var block: [UInt8] = []
  private var kind: UInt8 = 0
  private var size = 0
  private var longName: String?

  /// - Parameter path: The archive's name in errors.
  public init(path: String) { self.path = path }

  /// Reads an archive that is packed with gzip, to its end.
  ///
  /// - Throws: `FileError`, ``GzipError``, ``TarError`` and what `receive` throws.
  public static func read(packed path: String, _ receive: Receiver) throws {
    let file = try MappedFile(path)
    var reader = TarReader(path: path)
    var failure: (any Error)?
    _ = try Gzip.pieces(of: file.bytes.bindMemory(to: UInt8.self), path: path) { piece in
      do { try reader.take(UnsafeRawBufferPointer(piece), receive) } catch { failure = error }
      return failure == nil
    }
    if let failure { throw failure }
    try reader.finish()
  }

  /// Takes the next bytes of the archive, and passes on those of files.
  public mutating func take(_ bytes: UnsafeRawBufferPointer, _ receive: Receiver) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count: Int
      switch state {
      case .ended: return
      case .header:
        count = min(512 - block.count, rest.count)
        block += rest.prefix(count)
        offset += count
        if block.count == 512 { try readHeader(receive) }
      case .content(let name, let missing):
        count = min(missing, rest.count)
        offset += count
        if let name {
          let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
          try receive(name, piece, count == missing)
        } else if isName {
          block += rest.prefix(count)
        }
        state = .content(name: name, rest: missing - count)
        if count == missing { endContent() }
      case .padding(let missing):
        count = min(missing, rest.count)
        offset += count
        state = count == missing ? .header : .padding(rest: missing - count)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Throws unless the archive may end here.
  public func finish() throws(TarError) {
    switch state {
    case .header where !block.isEmpty: throw error("the archive is cut short")
    case .content: throw error("a file is longer than the archive")
    case .header, .padding, .ended: return
    }
  }

  private func error(_ problem: String) -> TarError {
    TarError(path: path, offset: start, problem: problem)
  }

  /// Whether the content is the name of the next file.
  private var isName: Bool { kind == 0x4c || kind == 0x78 }

  private mutating func readHeader(_ receive: Receiver) throws {
    start = offset - 512
    let header = block
    block = []
    if header.allSatisfy({ $0 == 0 }) { return state = .ended }
    let sum = header.enumerated().reduce(0) { sum, byte in
      sum + Int((148..<156).contains(byte.offset) ? 0x20 : byte.element)
    }
    guard Self.number(header[148..<156]) == sum else {
      throw error("the checksum of a header is wrong")
    }
    guard let size = Self.number(header[124..<136]) else {
      throw error("the length of a file is no number")
    }
    (self.size, kind) = (size, header[156])
    guard !isName || size <= 1 << 20 else { throw error("a name of \(size) bytes") }
    guard kind == 0x30 || kind == 0 else {
      state = .content(name: nil, rest: size)
      if size == 0 { endContent() }
      return
    }
    let prefix = Self.text(header[345..<500])
    let own = Self.text(header[0..<100])
    let isPOSIX = header[257..<262].elementsEqual("ustar".utf8)
    let name = longName ?? (isPOSIX && !prefix.isEmpty ? prefix + "/" + own : own)
    state = .content(name: name, rest: size)
    guard size == 0 else { return }
    try receive(name, UnsafeRawBufferPointer(start: nil, count: 0), true)
    endContent()
  }

  private mutating func endContent() {
    switch kind {
    case 0x4c: longName = Self.text(block[...])
    case 0x78: longName = Self.paxPath(block) ?? longName
    default: longName = nil
    }
    block = []
    let padding = (512 - size % 512) % 512
    state = padding == 0 ? .header : .padding(rest: padding)
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
  private static func paxPath(_ content: [UInt8]) -> String? {
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

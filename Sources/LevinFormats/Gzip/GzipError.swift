/// What is wrong with a gzip file, and where.
public struct GzipError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of problem.
  public enum Problem: Hashable, Sendable {
    /// The first bytes are not those of gzip.
    case notGzip(found: [UInt8])
    /// The file ends before its data does.
    case truncated
    /// A code that no compressor writes.
    case damaged
    /// The checksum at the end does not match the data.
    case checksumMismatch
    /// The length at the end does not match the data.
    case lengthMismatch(stored: Int)
    /// There is more data than the caller allows.
    case tooLarge(limit: Int)
    /// Bytes follow the end of the data.
    case trailingBytes(Int)
  }
  /// The file that was read.
  public let path: String
  /// The byte of the file at which the problem was found.
  public let offset: Int
  /// What is wrong.
  public let problem: Problem

  /// What is wrong, where, what was found and expected, and what to do.
  public var description: String {
    let what =
      switch problem {
      case .notGzip(let found):
        found.isEmpty
          ? "the file is empty, but a gzip file was expected"
          : "not a gzip file: it starts with \(Self.text(found)), expected 1f 8b 08"
      case .truncated: "the file is cut short: its compressed data goes on after the last byte"
      case .damaged: "the compressed data is damaged"
      case .checksumMismatch: "the data does not match the checksum (CRC-32) stored after it"
      case .lengthMismatch(let stored):
        "the data does not match the length stored after it (\(stored) bytes)"
      case .tooLarge(let limit):
        "the data goes on after the \(limit) bytes that such a file can hold"
      case .trailingBytes(let count):
        "\(count) byte\(count == 1 ? "" : "s") follow\(count == 1 ? "s" : "") the end of the data"
      }
    return "\(path): byte \(offset): \(what). Delete the file and download it again."
  }

  private static func text(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}

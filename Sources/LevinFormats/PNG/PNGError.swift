/// Why bytes cannot be read as a PNG picture.
public struct PNGError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of problem.
  public enum Problem: Hashable, Sendable {
    /// The first bytes are not those of a PNG file.
    case notPNG
    /// The file ends inside a chunk.
    case truncated
    /// A chunk's checksum does not match.
    case checksumMismatch(chunk: String)
    /// A chunk is missing, misplaced, or of the wrong length.
    case misplaced(chunk: String)
    /// The header has impossible values.
    case badHeader(String)
    /// There are more pixels than the caller allows.
    case tooLarge(width: Int, height: Int, limit: Int)
    /// The compressed pixels are damaged, or their number does not match the header.
    case damagedPixels
  }

  /// The byte at which the problem was found.
  public let offset: Int
  /// What is wrong.
  public let problem: Problem

  /// The problem in one line.
  public var description: String {
    let what =
      switch problem {
      case .notPNG: "not a PNG file"
      case .truncated: "the PNG file is cut short"
      case .checksumMismatch(let chunk): "the checksum of the chunk \(chunk) does not match"
      case .misplaced(let chunk): "the chunk \(chunk) is missing, misplaced or of the wrong length"
      case .badHeader(let reason): "the header says \(reason)"
      case .tooLarge(let width, let height, let limit):
        "\(width)×\(height) pixels are more than the limit of \(limit)"
      case .damagedPixels: "the compressed pixels are damaged or too few"
      }
    return "byte \(offset): \(what)"
  }
}

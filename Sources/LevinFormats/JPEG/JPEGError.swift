/// Why bytes cannot be read as a JPEG picture, or a picture not be written as one.
public struct JPEGError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of problem.
  public enum Problem: Hashable, Sendable {
    /// TurboJPEG is not installed.
    case noLibrary
    /// The first bytes are not those of a JPEG file.
    case notJPEG(found: [UInt8])
    /// The file ends before the picture does.
    case truncated
    /// Bytes at a place where a marker must be.
    case noMarker(found: UInt8)
    /// A segment is too short, or its fields are impossible.
    case badSegment(String)
    /// A kind of JPEG that is not read: 12 bits, lossless, hierarchical.
    case unsupported(String)
    /// There are more pixels than the caller allows.
    case tooLarge(width: Int, height: Int, limit: Int)
    /// What TurboJPEG says.
    case library(String)
  }

  /// The byte at which the problem was found.
  public let offset: Int
  /// What is wrong.
  public let problem: Problem

  /// The problem in one line.
  public var description: String {
    guard problem != .noLibrary else {
      return "JPEG needs the library TurboJPEG, which is not installed. "
        + "Debian: apt-get install libturbojpeg0; Ubuntu: apt-get install libturbojpeg; "
        + "macOS: brew install jpeg-turbo. LEVIN_TURBOJPEG may name its file."
    }
    let what =
      switch problem {
      case .noLibrary: ""
      case .notJPEG(let found):
        found.isEmpty
          ? "an empty file"
          : "not a JPEG file: it begins with \(found.map { Self.hex($0) }.joined(separator: " "))"
      case .truncated: "the JPEG file is cut short"
      case .noMarker(let found): "found \(Self.hex(found)), expected a marker (0xff)"
      case .badSegment(let reason): reason
      case .unsupported(let kind):
        "\(kind) is not read; expected 8 bits, baseline or progressive. Convert the file."
      case .tooLarge(let width, let height, let limit):
        "\(width)×\(height) pixels are more than the limit of \(limit)"
      case .library(let text): "the JPEG picture is damaged: \(text)"
      }
    return "byte \(offset): \(what)"
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16)
  }
}

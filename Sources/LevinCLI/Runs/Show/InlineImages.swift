internal import Foundation
internal import LevinTensorBoard

/// The ways to show pictures between the lines of text.
enum InlineImages: String, Sendable, CaseIterable {
  /// Not at all: only their size is printed.
  case none
  /// Two pixels per character, as `▀` in two colours.
  case blocks
  /// The protocols of Kitty, of iTerm2, and of DEC's terminals.
  case kitty, iterm, sixel

  /// The lines that show a picture at most `width` columns wide and, if given, `rows` lines high.
  ///
  /// If it cannot be decoded, one line says why.
  func lines(_ image: LoggedImage, width: Int, rows: Int? = nil) -> [String] {
    guard self != .none else { return [] }
    do {
      switch self {
      case .none: return []
      case .kitty: return [try Self.kitty(image, columns: Self.columns(image, width, rows))]
      case .iterm: return [Self.iterm(image, columns: Self.columns(image, width, rows))]
      case .sixel:
        // A row is about 16 pixels high.
        let height = min(640, rows.map { $0 * 16 } ?? .max)
        return [SixelEncoder.encode(try image.pixels().scaled(toFit: 640, height))]
      case .blocks:
        let height = min(width, rows.map { $0 * 2 } ?? .max)
        return HalfBlocks.lines(try image.pixels().scaled(toFit: width, height), Self.depth)
      }
    } catch {
      return ["  (\(error))"]
    }
  }

  /// The width in columns of about 8 pixels; small pictures are shown at twice their size.
  private static func columns(_ image: LoggedImage, _ width: Int, _ rows: Int?) -> Int {
    // Two columns are about as wide as a row is high.
    let within = rows.map { Double($0) * 2 * Double(image.width) / Double(max(1, image.height)) }
    return max(1, min(width, (image.width + 3) / 4, within.map { Int(min($0, 1e6)) } ?? .max))
  }

  private static var depth: HalfBlocks.Depth {
    let name = ProcessInfo.processInfo.environment["COLORTERM"] ?? ""
    return name == "truecolor" || name == "24bit" ? .full : .palette
  }

  /// https://sw.kovidgoyal.net/kitty/graphics-protocol/: PNG data in base64, 4096 characters at a
  /// time.
  private static func kitty(_ image: LoggedImage, columns: Int) throws -> String {
    let png = image.format == .png ? image.encoded : try image.pixels().png
    let text = Array(Data(png).base64EncodedString().utf8)
    var result = ""
    for start in stride(from: 0, to: text.count, by: 4096) {
      let end = min(start + 4096, text.count)
      let head = start == 0 ? "a=T,f=100,q=2,c=\(columns)," : ""
      result +=
        "\u{1B}_G\(head)m=\(end < text.count ? 1 : 0);"
        + String(decoding: text[start..<end], as: UTF8.self) + "\u{1B}\\"
    }
    return result
  }

  /// The protocol of https://iterm2.com/documentation-images.html.
  private static func iterm(_ image: LoggedImage, columns: Int) -> String {
    "\u{1B}]1337;File=inline=1;size=\(image.encoded.count);width=\(columns);preserveAspectRatio=1:"
      + Data(image.encoded).base64EncodedString() + "\u{07}"
  }
}

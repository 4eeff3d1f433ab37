internal import Foundation
internal import Yams

extension YAMLNode {
  /// The size of the largest file that is read, in bytes.
  static let largestFile = 4 << 20

  /// Reads a file in UTF-8, UTF-16 or UTF-32; nil if it holds no value.
  ///
  /// Throws ``ConfigError`` with file, line and column if the file is not YAML or exceeds the limits: a file of 4
  /// MiB, 100 levels of nesting, and 100,000 values that aliases repeat.
  public static func read(file path: String) throws -> YAMLNode? {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ConfigError("\(path): cannot be read; expected a YAML file")
    }
    guard data.count <= largestFile else {
      throw ConfigError("\(path): found \(data.count) bytes; expected at most 4 MiB")
    }
    guard let text = decoded(data) else {
      throw ConfigError("\(path): not valid YAML: it is not UTF-8, UTF-16 or UTF-32")
    }
    return try parse(text, file: path)
  }

  /// Parses a text as ``read(file:)`` does; errors name `file`.
  public static func parse(_ text: String, file: String) throws -> YAMLNode? {
    var composer = YAMLComposer(file: file, text: text)
    return try composer.compose()
  }

  /// The text of a file, whose first bytes indicate its encoding (YAML 1.2, section 5.2).
  private static func decoded(_ data: Data) -> String? {
    let encoding: String.Encoding =
      switch (data.first, data.dropFirst().first, data.dropFirst(2).first, data.dropFirst(3).first)
      {
      case (0, 0, 0xFE, 0xFF), (0, 0, 0, _?): .utf32BigEndian
      case (0xFF, 0xFE, 0, 0), (_?, 0, 0, 0): .utf32LittleEndian
      case (0xFE, 0xFF, _, _), (0, _?, _, _): .utf16BigEndian
      case (0xFF, 0xFE, _, _), (_?, 0, _, _): .utf16LittleEndian
      default: .utf8
      }
    guard let text = String(data: data, encoding: encoding) else { return nil }
    return text.unicodeScalars.first == "\u{FEFF}"
      ? String(text.unicodeScalars.dropFirst()) : text
  }
}

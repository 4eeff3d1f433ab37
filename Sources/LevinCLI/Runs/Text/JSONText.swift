internal import LevinTrainer

/// JSON that keeps the order of its keys.
indirect enum JSONText: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case unsigned(UInt)
  /// NaN and infinities become strings, as TensorBoard writes them, since JSON has none.
  case number(Double)
  case string(String)
  case array([JSONText])
  case object([(String, JSONText)])

  static func optional<Value>(_ value: Value?, _ convert: (Value) -> JSONText) -> JSONText {
    value.map(convert) ?? .null
  }

  /// The value on one line.
  var line: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .unsigned(let value): return String(value)
    case .number(let value):
      let text = NumberText.exact(value)
      return value.isFinite ? text : "\"\(text)\""
    case .string(let text): return Self.quoted(text)
    case .array(let elements): return "[" + elements.map(\.line).joined(separator: ", ") + "]"
    case .object(let members):
      return "{" + members.map { Self.quoted($0) + ": " + $1.line }.joined(separator: ", ") + "}"
    }
  }

  /// The value on several lines if one would be too long.
  func pretty(_ indent: String = "") -> String {
    var room = 100 - indent.utf8.count
    takeRoom(&room)
    if room >= 0 {
      let line = line
      if line.utf8.count + indent.utf8.count <= 100 { return line }
    }
    let deeper = indent + "  "
    switch self {
    case .array(let elements):
      return "[\n" + elements.map { deeper + $0.pretty(deeper) }.joined(separator: ",\n")
        + "\n\(indent)]"
    case .object(let members):
      return "{\n"
        + members.map { deeper + Self.quoted($0) + ": " + $1.pretty(deeper) }
        .joined(separator: ",\n") + "\n\(indent)}"
    default: return line
    }
  }

  /// Subtracts the least length of the text from `room`, until nothing is left.
  ///
  /// This avoids writing a long value at each of its levels only to find that it does not fit.
  private func takeRoom(_ room: inout Int) {
    switch self {
    case .null, .bool, .integer, .unsigned, .number: room -= 1
    case .string(let text): room -= text.utf8.count
    case .array(let elements):
      for element in elements {
        element.takeRoom(&room)
        if room < 0 { return }
      }
    case .object(let members):
      for (name, value) in members {
        room -= name.utf8.count
        value.takeRoom(&room)
        if room < 0 { return }
      }
    }
  }

  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C }
    if isPlain { return "\"" + text + "\"" }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F || Terminal.isHidden(scalar) {
          for unit in UTF16.encode(scalar) ?? .init() {
            let digits = String(unit, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
          }
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

/// Comma-separated values by RFC 4180.
enum CSVText {
  static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") }

  static func field(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}

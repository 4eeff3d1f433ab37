internal import LevinTrainer

/// JSON with the order of its keys kept.
indirect enum JSONText: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// NaN and infinities become texts, as TensorBoard writes them, since JSON has none.
  case number(Double)
  case string(String)
  case array([JSONText])
  case object([(String, JSONText)])

  static func optional<Value>(_ value: Value?, _ convert: (Value) -> JSONText) -> JSONText {
    value.map(convert) ?? .null
  }

  /// In one line.
  var line: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .number(let value):
      let text = NumberText.exact(value)
      return value.isFinite ? text : "\"\(text)\""
    case .string(let text): return Self.quoted(text)
    case .array(let elements): return "[" + elements.map(\.line).joined(separator: ", ") + "]"
    case .object(let members):
      return "{" + members.map { Self.quoted($0) + ": " + $1.line }.joined(separator: ", ") + "}"
    }
  }

  /// Over several lines, where one would be too long.
  func pretty(_ indent: String = "") -> String {
    let line = line
    if line.utf8.count + indent.utf8.count <= 100 { return line }
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

  private static func quoted(_ text: String) -> String {
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
  static func line(_ fields: [String]) -> String {
    fields.map { field in
      let needsQuotes = field.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
      return needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }.joined(separator: ",")
  }
}

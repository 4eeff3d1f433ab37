internal import Foundation
internal import Yams

/// Settings as a list of dotted names and their texts, in the order of the file: what two runs are
/// compared by.
struct FlatSettings: Sendable {
  private(set) var entries: [(name: String, value: String)] = []
  /// Where in ``entries`` a name stands.
  private var places: [String: Int] = [:]
  /// Names of the values that are texts, whatever they look like.
  private var texts: Set<String> = []

  init() {}

  subscript(name: String) -> String? { places[name].map { entries[$0].value } }

  /// The names in any of several settings, in the order of their first appearance.
  static func names(_ settings: [FlatSettings]) -> [String] {
    var seen: Set<String> = []
    return settings.flatMap(\.entries).map(\.name).filter { seen.insert($0).inserted }
  }

  /// - Parameter isText: `12` in quotes is a text and no number.
  mutating func set(_ name: String, _ value: String, isText: Bool = false) {
    if isText { texts.insert(name) } else { texts.remove(name) }
    if let place = places[name] {
      entries[place].value = value
    } else {
      places[name] = entries.count
      entries.append((name, value))
    }
  }

  /// A value as JSON has it: a number, true, false, null or a text; nil where there is none.
  func json(_ name: String) -> JSONText? {
    guard let value = self[name] else { return nil }
    return texts.contains(name) ? .string(value) : Self.json(plain: value)
  }

  /// What a word without quotes means in YAML.
  private static func json(plain text: String) -> JSONText {
    switch text.lowercased() {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null", "~", "": return .null
    case ".nan": return .number(.nan)
    case ".inf", "+.inf": return .number(.infinity)
    case "-.inf": return .number(-.infinity)
    default: break
    }
    if let integer = Int(text) { return .integer(integer) }
    // Double also takes words such as nan and infinity.
    guard text.first.map({ $0.isNumber || "+-.".contains($0) }) == true,
      let number = Double(text), number.isFinite
    else { return .string(text) }
    return .number(number)
  }

  /// Reads a YAML file, of Levin or of Lightning, whose tags for Python's types are passed over.
  init(yaml path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RunsError("\(path) cannot be read")
    }
    guard data.count <= 16 << 20 else { throw RunsError("\(path) is larger than 16 MiB") }
    do {
      guard let root = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)),
        case .mapping = root
      else { throw RunsError("it holds no settings; expected lines such as learning_rate: 0.001") }
      add(root, "", depth: 0)
    } catch {
      throw RunsError("\(path): \(error)")
    }
  }

  private mutating func add(_ node: Node, _ name: String, depth: Int) {
    switch node {
    case .mapping(let mapping) where !mapping.isEmpty && depth < 32:
      for (key, value) in mapping {
        add(value, name.isEmpty ? Self.text(key) : name + "." + Self.text(key), depth: depth + 1)
      }
    default:
      guard !name.isEmpty else { return }
      var isText = true
      if case .scalar(let scalar) = node { isText = scalar.style != .plain }
      set(name, Self.text(node), isText: isText)
    }
  }

  private static func text(_ node: Node, depth: Int = 0) -> String {
    guard depth < 32 else { return "…" }
    switch node {
    case .scalar(let scalar): return scalar.string
    case .sequence(let sequence):
      return "[" + sequence.map { text($0, depth: depth + 1) }.joined(separator: ", ") + "]"
    case .mapping(let mapping):
      return "{"
        + mapping.map { text($0, depth: depth + 1) + ": " + text($1, depth: depth + 1) }
        .joined(separator: ", ") + "}"
    case .alias: return "…"
    }
  }

  /// Whether two texts mean one value: `1e-3` and `0.001`, `True` and `true`, `null` and nothing.
  static func isSame(_ left: String, _ right: String) -> Bool {
    if left == right { return true }
    if let left = Double(left), let right = Double(right) { return left == right }
    return word(left).map { $0 == word(right) } ?? false
  }

  /// A text that means true, false or nothing; nil for all others.
  private static func word(_ text: String) -> String? {
    guard text.utf8.count <= 5 else { return nil }
    switch text.lowercased() {
    case "true": return "true"
    case "false": return "false"
    case "null", "none", "~", "": return "null"
    default: return nil
    }
  }
}

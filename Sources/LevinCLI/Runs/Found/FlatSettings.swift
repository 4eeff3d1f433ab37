internal import LevinConfiguration
internal import LevinTrainer

/// Settings as a list of dotted names and strings, in the order of the file, by which runs are compared.
struct FlatSettings: Sendable {
  private(set) var entries: [(name: String, value: String)] = []
  /// The index of a name in ``entries``.
  private var places: [String: Int] = [:]
  /// The names of the values that are strings, whatever they look like.
  private var texts: Set<String> = []

  init() {}

  subscript(name: String) -> String? { places[name].map { entries[$0].value } }

  /// The names that occur in any of the settings, in the order of their first appearance.
  static func names(_ settings: [FlatSettings]) -> [String] {
    var seen: Set<String> = []
    return settings.flatMap(\.entries).map(\.name).filter { seen.insert($0).inserted }
  }

  /// - Parameter isText: Whether the value is a string even if it looks like a number, as a quoted `12` does.
  mutating func set(_ name: String, _ value: String, isText: Bool = false) {
    if isText { texts.insert(name) } else { texts.remove(name) }
    if let place = places[name] {
      entries[place].value = value
    } else {
      places[name] = entries.count
      entries.append((name, value))
    }
  }

  /// A value as JSON: a number, true, false, null or a string; nil if there is none.
  func json(_ name: String) -> JSONText? {
    guard let value = self[name] else { return nil }
    return texts.contains(name) ? .string(value) : Self.json(plain: value)
  }

  /// The meaning of an unquoted word in YAML.
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
    // Double also accepts words such as nan and infinity.
    guard text.first.map({ $0.isNumber || "+-.".contains($0) }) == true,
      let number = Double(text), number.isFinite
    else { return .string(text) }
    return .number(number)
  }

  /// Reads a YAML file of Levin or of Lightning; Lightning's tags for Python types are ignored.
  init(yaml path: String) throws {
    guard let root = try YAMLNode.read(file: path), case .group = root.content else {
      throw RunsError(
        "\(path): it has no settings; expected lines such as learning_rate: 0.001")
    }
    add(root, "")
  }

  private mutating func add(_ node: YAMLNode, _ name: String) {
    if case .group(let members) = node.content, !members.isEmpty {
      for member in members {
        let key = member.key.text
        add(member.value, name.isEmpty ? key : name + "." + key)
      }
    } else if !name.isEmpty {
      var isText = true
      if case .scalar(_, isPlain: true) = node.content { isText = false }
      set(name, node.text, isText: isText)
    }
  }

  /// Whether two strings mean the same value: `1e-3` and `0.001`, `True` and `true`, `null` and nothing.
  static func isSame(_ left: String, _ right: String) -> Bool {
    if left == right { return true }
    if let left = Double(left), let right = Double(right) { return left == right }
    return word(left).map { $0 == word(right) } ?? false
  }

  /// A string that means true, false or nothing; nil for all others.
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

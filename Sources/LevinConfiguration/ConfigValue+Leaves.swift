extension ConfigValue {
  /// The values of a tree that are not groups, by their dotted names, such as `optimizer.lr`.
  public var leaves: [(name: String, value: ConfigValue)] {
    members.flatMap { member -> [(name: String, value: ConfigValue)] in
      guard case .object = member.value else { return [(member.key, member.value)] }
      return member.value.leaves.map { ("\(member.key).\($0.name)", $0.value) }
    }
  }

  /// The value at a dotted name.
  package func leaf(_ name: String) -> ConfigValue? {
    name.split(separator: ".").reduce(self) { $0?[String($1)] }
  }

  /// Sets the value at a dotted name, and creates missing groups.
  package mutating func set(_ name: String, to value: ConfigValue) {
    guard let dot = name.firstIndex(of: ".") else { return self[name] = value }
    let (group, rest) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
    var below = self[group] ?? .object([])
    below.set(rest, to: value)
    self[group] = below
  }

  /// The value as written on the command line.
  public var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .float(let value): Self.text(value)
    case .string(let value): value.isEmpty ? "''" : value
    case .array(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\($0.key): \($0.value.text)" }.joined(separator: ", ") + "}"
    }
  }

  /// Whether both are the same value; JSON does not distinguish 1 from 1.0.
  package func isSame(as other: ConfigValue) -> Bool {
    switch (self, other) {
    case (.integer(let a), .float(let b)), (.float(let b), .integer(let a)): Double(a) == b
    case (.array(let a), .array(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.isSame(as: $1) }
    default: self == other
    }
  }
}

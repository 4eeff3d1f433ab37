extension ConfigSchema {
  /// The defaults with `value` laid over them, after each key and type was checked.
  ///
  /// `path` names the group (`trainer`) and `origin` the place that the value comes from, for
  /// errors.
  public func checked(_ value: ConfigValue, at path: String, from origin: String) throws
    -> ConfigValue
  {
    switch self {
    case .leaf(let leaf): return try leaf.checked(value, at: path, from: origin)
    case .group(let fields):
      guard case .object(let members) = value else {
        throw ConfigError(
          where: origin, key: path, found: value.kind,
          expected: "a group with the keys "
            + fields.map(\.name).joined(separator: ", "))
      }
      var result = defaults
      for member in members {
        let name = KeyName.snakeCase(member.key)
        guard let field = fields.first(where: { $0.name == name }) else {
          throw ConfigError(
            unknown: path.isEmpty ? member.key : "\(path).\(member.key)", where: origin,
            nearest: KeyName.nearest(to: name, in: fields.map(\.name)).map {
              path.isEmpty ? $0 : "\(path).\($0)"
            })
        }
        result[name] = try field.schema.checked(
          member.value, at: path.isEmpty ? name : "\(path).\(name)", from: origin)
      }
      return result
    }
  }
}

extension ConfigSchema.Leaf {
  func checked(_ value: ConfigValue, at path: String, from origin: String) throws -> ConfigValue {
    if value == .null, isOptional { return .null }
    guard let fitting = type.fitting(value) else {
      throw ConfigError(
        where: origin, key: path, found: value.kind,
        expected: type.name + (isOptional ? " or null" : ""))
    }
    return fitting
  }

  /// The value that a text on the command line means; nil where it means none.
  public func parse(_ text: String) -> ConfigValue? {
    if isOptional, ["null", "none", "~"].contains(text.lowercased()) { return .null }
    return type.parse(text)
  }
}

extension ConfigSchema.LeafType {
  fileprivate func fitting(_ value: ConfigValue) -> ConfigValue? {
    switch (self, value) {
    case (.integer, .integer), (.float, .float), (.bool, .bool), (.string, .string),
      (.number, .integer), (.number, .float):
      value
    case (.float, .integer(let number)): .float(Double(number))
    case (.choice(let words), .string(let word)): words.contains(word) ? value : nil
    case (.list(let element), .array(let items)):
      items.allSatisfy { element.fitting($0) != nil }
        ? .array(items.compactMap(element.fitting)) : nil
    default: nil
    }
  }

  fileprivate func parse(_ text: String) -> ConfigValue? {
    switch self {
    case .integer: Int(text).map { .integer($0) }
    case .float: Double(text).map { .float($0) }
    case .number: Int(text).map { .integer($0) } ?? Double(text).map { .float($0) }
    case .bool:
      switch text.lowercased() {
      case "true", "yes", "on": .bool(true)
      case "false", "no", "off": .bool(false)
      default: nil
      }
    case .string: .string(text)
    case .choice(let words): words.contains(text) ? .string(text) : nil
    case .list(let element):
      {
        let inner =
          text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        let parts = inner.split(separator: ",").map { $0.drop { $0 == " " } }
        let items = parts.compactMap { element.parse(String($0)) }
        return items.count == parts.count ? .array(items) : nil
      }()
    }
  }
}

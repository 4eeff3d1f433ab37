extension ConfigSchema {
  /// The values that `node` sets: keys in snake_case, each value converted to its type, null replaced by the default.
  ///
  /// Values that do not fit are left out and reported in `errors`, with their position in `file`; reading stops after
  /// a hundred errors. `path` is the name of the group, such as `trainer`.
  public func checked(
    _ node: YAMLNode, at path: String, in file: String, errors: inout [ConfigError]
  ) -> ConfigValue? {
    func error(_ place: YAMLNode.Place, _ text: String) {
      guard errors.count < ConfigError.most else { return }
      errors.append(ConfigError("\(file):\(place): \(text)", key: path.isEmpty ? nil : path))
    }
    func below(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    func found(_ expected: String) {
      let key = path.isEmpty ? "" : "\(path): "
      error(node.place, "\(key)found \(ConfigValue(node).kind); expected \(expected)")
    }
    switch (self, node.content) {
    case (.leaf(let leaf), _):
      guard let value = leaf.fitting(ConfigValue(node)) else {
        found(leaf.expected)
        return nil
      }
      return value
    case (.group(let fields), .group(let members)):
      var result = ConfigValue.object([])
      for member in members where errors.count < ConfigError.most {
        let name = KeyName.snakeCase(member.key.text)
        if let field = fields.first(where: { $0.name == name }) {
          let value = field.schema.checked(member.value, at: below(name), in: file, errors: &errors)
          if let value { result[name] = value }
        } else if case .scalar = member.key.content {
          let nearest = KeyName.nearest(to: name, in: fields.map(\.name)).map(below)
          let key = member.key.text
          error(
            member.key.place,
            "unknown key \(below(key.isEmpty ? "''" : key.shortened))"
              + (nearest.map { "; did you mean \($0)?" } ?? ""))
        } else {
          error(
            member.key.place, "found \(ConfigValue(member.key).kind) as a key; expected a name")
        }
      }
      return result
    case (.group(let fields), _):
      if ConfigValue(node) == .null { return .object([]) }
      let examples = fields.prefix(3).map(\.name).joined(separator: ", ")
      found("a group with keys such as \(examples)")
      return nil
    }
  }
}

extension ConfigSchema.Leaf {
  /// The allowed values, for error messages.
  public var expected: String { type.name + (isOptional ? " or null" : "") }

  /// `value` converted to its type; the default if it is a null that is not allowed; nil if it does not fit.
  fileprivate func fitting(_ value: ConfigValue) -> ConfigValue? {
    if value == .null { return isOptional ? .null : defaultValue }
    return type.fitting(value)
  }

  /// The value of a string on the command line; nil if it does not fit.
  ///
  /// If null is not allowed, `null` means the default, but for a string it is the word itself.
  public func parse(_ text: String) -> ConfigValue? {
    if case .choice(let words) = type, words.contains(text) { return .string(text) }
    guard isOptional || type != .string, ["null", "none", "~"].contains(text.lowercased()) else {
      return type.parse(text)
    }
    return isOptional ? .null : defaultValue
  }
}

extension ConfigSchema.LeafType {
  fileprivate func fitting(_ value: ConfigValue) -> ConfigValue? {
    switch (self, value) {
    case (.integer, .integer), (.float, .float), (.bool, .bool), (.string, .string),
      (.number, .integer), (.number, .float):
      value
    case (.scalar, .integer), (.scalar, .float), (.scalar, .string): value
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
    case .scalar:
      Int(text).map { .integer($0) } ?? Double(text).map { .float($0) } ?? .string(text)
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

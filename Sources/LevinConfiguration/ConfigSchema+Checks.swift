extension ConfigSchema {
  /// The values that `node` sets: keys in snake_case, each value converted to its type, null replaced by the default.
  ///
  /// Values that do not fit are left out and reported in `errors`, with their position in `file`; reading stops after
  /// a hundred errors. `path` is the name of the group, such as `trainer`.
  public func checked(
    _ node: YAMLNode, at path: String, in file: String, errors: inout [ConfigError]
  ) -> ConfigValue? {
    var findings = ConfigFindings(errors: errors)
    defer { errors = findings.errors }
    return checked(node, at: path, in: file, over: nil, &findings)
  }

  /// The same, where `current` is the value so far, which decides the class of an object that is changed.
  package func checked(
    _ node: YAMLNode, at path: String, in file: String, over current: ConfigValue?,
    _ findings: inout ConfigFindings
  ) -> ConfigValue? {
    func found(_ expected: String) {
      let key = path.isEmpty ? "" : "\(path): "
      findings.add(
        "\(key)found \(ConfigValue(node).kind); expected \(expected)", at: node.place, in: file,
        key: path.isEmpty ? nil : path)
    }
    switch self {
    case .leaf(let leaf):
      guard let value = leaf.fitting(ConfigValue(node)) else {
        found(leaf.expected)
        return nil
      }
      return value
    case .instance(let instance):
      return instance.checked(node, at: path, in: file, over: current, &findings)
    case .group(let fields):
      guard case .group(let members) = node.content else {
        if ConfigValue(node) == .null { return .object([]) }
        let examples = fields.prefix(3).map(\.name).joined(separator: ", ")
        found("a group with keys such as \(examples)")
        return nil
      }
      return checked(members, at: path, in: file, over: current, &findings)
    }
  }

  /// The values that members of a group set; a dotted key stands for groups in groups.
  private func checked(
    _ members: [YAMLNode.Member], at path: String, in file: String, over current: ConfigValue?,
    _ findings: inout ConfigFindings
  ) -> ConfigValue {
    func below(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    var result = ConfigValue.object([])
    for member in members where findings.errors.count < ConfigError.most {
      guard case .scalar = member.key.content else {
        findings.add(
          "found \(ConfigValue(member.key).kind) as a key; expected a name", at: member.key.place,
          in: file, key: path.isEmpty ? nil : path)
        continue
      }
      let member = member.splittingDots(unless: { field($0) != nil })
      let key = member.key.text
      let isAddition = key.hasSuffix("+")
      guard let field = field(isAddition ? String(key.dropLast()) : key),
        !isAddition || field.schema.isList
      else {
        let names = fields.map(\.name)
        let nearest = KeyName.nearest(to: KeyName.snakeCase(key), in: names).map(below)
        findings.add(
          "unknown key \(below(key.isEmpty ? "''" : key.shortened))"
            + (nearest.map { "; did you mean \($0)?" } ?? ""), at: member.key.place, in: file,
          key: path.isEmpty ? nil : path)
        continue
      }
      let before = current?[field.name]
      let after = result[field.name].map { field.schema.merging(before ?? $0, $0) } ?? before
      let value: ConfigValue?
      if isAddition, case .instance(let instance) = field.schema {
        value = instance.adding(
          member.value, at: below(field.name), in: file, to: after, &findings)
      } else {
        value = field.schema.checked(
          member.value, at: below(field.name), in: file, over: after, &findings
        ).map { new in
          guard isAddition, let before = after?.listed, let new = new.listed else { return new }
          return .array(before + new)
        }
      }
      if let value {
        result[field.name] = result[field.name].map { field.schema.merging($0, value) } ?? value
      }
    }
    return result
  }

  /// Whether the values are lists, to which `+=` adds.
  package var isList: Bool {
    switch self {
    case .instance(let instance): instance.isList
    case .leaf(let leaf): if case .list = leaf.type { true } else { false }
    case .group: false
    }
  }
}

extension ConfigValue {
  /// The elements of a list; a number stands for a list of one.
  var listed: [ConfigValue]? {
    switch self {
    case .array(let items): items
    case .integer, .float: [self]
    default: nil
    }
  }
}

/// What was found while a file was checked.
package struct ConfigFindings {
  /// The mistakes.
  package var errors: [ConfigError] = []
  /// Arguments of Python's classes that ask for what Levin does anyway.
  package var ignored: [String] = []

  /// Nothing found, or earlier mistakes.
  package init(errors: [ConfigError] = []) { self.errors = errors }

  /// Adds a mistake at a position; `file` may be an option, such as `--optimizer`, which has none.
  package mutating func add(
    _ text: String, at place: YAMLNode.Place, in file: String, key: String? = nil
  ) {
    guard errors.count < ConfigError.most else { return }
    guard file.hasPrefix("--") else {
      return errors.append(ConfigError(text, at: .init(file: file, place: place), key: key))
    }
    // The option says already what the error is about.
    let start = key.map { "\($0): " } ?? ""
    errors.append(
      ConfigError(
        "\(file): \(text.hasPrefix(start) ? text.dropFirst(start.count) : text[...])", key: key))
  }
}

extension YAMLNode.Member {
  /// `a.b: c` as `a: {b: c}`, unless `a.b` is a name.
  fileprivate func splittingDots(unless isName: (String) -> Bool) -> YAMLNode.Member {
    let text = key.text
    guard let dot = text.firstIndex(of: "."), dot != text.startIndex, !isName(text) else {
      return self
    }
    let head = YAMLNode(.scalar(String(text[..<dot]), isPlain: true), at: key.place)
    let rest = YAMLNode(
      .scalar(String(text[text.index(after: dot)...]), isPlain: true), at: key.place)
    return .init(
      key: head, value: YAMLNode(.group([.init(key: rest, value: value)]), at: value.place))
  }
}

extension ConfigSchema.Leaf {
  /// The allowed values, for error messages.
  public var expected: String { type.name + (isOptional ? " or null" : "") }

  /// `value` converted to its type; the default if it is a null that is not allowed; nil if it does not fit.
  func fitting(_ value: ConfigValue) -> ConfigValue? {
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
    // As in PyTorch, one number may stand for a list: for all groups of parameters, for height and width.
    case (.list(.float), .integer), (.list(.float), .float): Self.float.fitting(value)
    case (.list(.integer), .integer): value
    case (.optional, .null): value
    case (.optional(let element), _): element.fitting(value)
    case (.list(let element), .array(let items)):
      items.allSatisfy { element.fitting($0) != nil }
        ? .array(items.compactMap(element.fitting)) : nil
    case (.table(let element), .object(let members)):
      members.allSatisfy { element.fitting($0.value) != nil }
        ? .object(members.map { .init($0.key, element.fitting($0.value) ?? $0.value) }) : nil
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
    case .optional(let element):
      ["null", "none", "~"].contains(text.lowercased()) ? .null : element.parse(text)
    case .choice(let words): words.contains(text) ? .string(text) : nil
    case .table: (try? ConfigValue(yaml: text, file: "")).flatMap(fitting)
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

extension ConfigSchema {
  /// What stands for an object, or a list of them: a class (`class_path`) and its arguments (`init_args`).
  ///
  /// In a tree, `init_args` has only what was given until ``ConfigSchema/completed(_:at:_:)`` adds the defaults.
  public struct Instance: Sendable, Hashable {
    /// What all classes have in common, as ``ClassEntry/base``.
    public var base: String
    /// Whether there may be several.
    public var isList = false
    /// Whether null is allowed.
    public var isOptional = false
    /// Whether true and false are allowed.
    public var acceptsBool = false
    /// The value if none is given.
    public var defaultValue: ConfigValue

    /// What a value may be.
    package init(
      base: String, isList: Bool = false, isOptional: Bool = false, acceptsBool: Bool = false,
      defaultValue: ConfigValue = .null
    ) {
      self.base = base
      (self.isList, self.isOptional, self.acceptsBool) = (isList, isOptional, acceptsBool)
      self.defaultValue = defaultValue
    }
  }
}

extension ConfigValue {
  /// An object of a class.
  package static func instance(_ path: String, _ arguments: ConfigValue) -> ConfigValue {
    .object([.init("class_path", .string(path)), .init("init_args", arguments)])
  }

  /// The class of an object; nil for other values.
  package var classPath: String? {
    if case .string(let path)? = self["class_path"] { path } else { nil }
  }
  /// The arguments of an object.
  package var initArgs: ConfigValue { self["init_args"] ?? .object([]) }
}

// MARK: Reading

extension ConfigSchema.Instance {
  /// What is expected, for messages.
  package var expected: String {
    let one = "a class, such as \(ClassRegistry.all(base).first?.name ?? base)"
    return (acceptsBool ? "true, false, " : "") + (isList ? one + ", or a list of them" : one)
      + (isOptional ? ", or null" : "")
  }

  func checked(
    _ node: YAMLNode, at path: String, in file: String, over current: ConfigValue?,
    _ findings: inout ConfigFindings
  ) -> ConfigValue? {
    switch ConfigValue(node) {
    case .null: return isOptional ? .null : defaultValue
    case .bool(let value) where acceptsBool: return .bool(value)
    default: break
    }
    guard case .list(let items) = node.content else {
      // An object in place of a list is the only one in it, or changes to the last one.
      guard isList else { return one(node, at: path, in: file, over: current, &findings) }
      let names = node.members.map(\.key.text)
      let isChange = !names.isEmpty && !names.contains("class_path")
      let before: [ConfigValue] =
        if isChange, case .array(let items)? = current { items } else { [] }
      let last = isChange ? before.last : nil
      return one(
        node, at: "\(path)[\(max(0, before.count - 1))]", in: file, over: last, &findings
      ).map { .array(before.dropLast() + [$0]) }
    }
    guard isList else {
      findings.add(
        "\(path): found a list; expected \(expected)", at: node.place, in: file, key: path)
      return nil
    }
    return .array(
      items.enumerated().compactMap { index, item in
        one(item, at: "\(path)[\(index)]", in: file, over: nil, &findings)
      })
  }

  /// `current` with one more object, or several.
  func adding(
    _ node: YAMLNode, at path: String, in file: String, to current: ConfigValue?,
    _ findings: inout ConfigFindings
  ) -> ConfigValue? {
    let before: [ConfigValue] = if case .array(let items)? = current { items } else { [] }
    let new = if case .list(let items) = node.content { items } else { [node] }
    let added = new.enumerated().compactMap { index, item in
      one(item, at: "\(path)[\(before.count + index)]", in: file, over: nil, &findings)
    }
    return added.isEmpty ? nil : .array(before + added)
  }

  /// One object: a name, or a group with `class_path` and `init_args`; without a class the current one is changed.
  private func one(
    _ node: YAMLNode, at path: String, in file: String, over current: ConfigValue?,
    _ findings: inout ConfigFindings
  ) -> ConfigValue? {
    var chosen: YAMLNode?
    var arguments: [YAMLNode.Member] = []
    switch node.content {
    case .scalar(_, let isPlain):
      if isPlain, case .string = ConfigValue(node) {
        chosen = node
      } else if !isPlain {
        chosen = node
      }
    case .list: break
    case .group(let members):
      for member in members {
        switch member.key.text {
        case "class_path": chosen = member.value
        case "init_args", "dict_kwargs":
          if ConfigValue(member.value) == .null { continue }
          guard case .group(let below) = member.value.content else {
            findings.add(
              "\(path).\(member.key.text): found \(ConfigValue(member.value).kind); expected a group",
              at: member.value.place, in: file, key: path)
            return nil
          }
          arguments += below
        default: arguments.append(member)
        }
      }
    }
    let entry: ClassEntry
    if let chosen {
      guard let found = known(chosen, at: path, in: file, &findings) else { return nil }
      entry = found
    } else if let name = current?.classPath, let found = ClassRegistry.find(name, base: base) {
      entry = found
    } else {
      let example = ClassRegistry.all(base).first?.name ?? base
      findings.add(
        node.members.isEmpty
          ? "\(path): found \(ConfigValue(node).kind); expected \(expected)"
          : "\(path): found arguments without a class; expected class_path, such as \(example)",
        at: node.place, in: file, key: path)
      return nil
    }
    let before = entry.keeping(current?.initArgs ?? .object([]))
    arguments.removeAll { member in
      guard entry.ignores(member.key.text, ConfigValue(member.value)) else { return false }
      findings.ignored.append("\(path).\(member.key.text)")
      return true
    }
    let given = YAMLNode(.group(arguments), at: node.place)
    let values = entry.schema.checked(given, at: path, in: file, over: before, &findings)
    return .instance(entry.path, entry.schema.merging(before, values ?? .object([])))
  }

  /// The class that a node names.
  private func known(
    _ node: YAMLNode, at path: String, in file: String, _ findings: inout ConfigFindings
  ) -> ClassEntry? {
    if let entry = ClassRegistry.find(node.text, base: base) { return entry }
    findings.add(
      "\(path): " + ClassRegistry.unknown(node.text, base: base), at: node.place, in: file,
      key: path)
    return nil
  }
}

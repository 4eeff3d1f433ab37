extension ConfigSchema {
  /// The values that an option sets, such as `--optimizer.lr 0.1`, for ``merging(_:_:)``; nil if it is wrong, with the
  /// reason in `findings`.
  ///
  /// - Parameters:
  ///   - path: The rest of the option's name.
  ///   - name: The whole option, for messages.
  ///   - key: The dotted name of this part of the tree.
  package func setting(
    _ path: ArraySlice<String>, to text: String, option name: String, at key: String = "",
    over current: ConfigValue?, adds: Bool = false, _ findings: inout ConfigFindings
  ) -> ConfigValue? {
    switch self {
    case .leaf(let leaf):
      if path.isEmpty, let value = leaf.parse(text) {
        guard adds, case .array(let before)? = current, case .array(let new) = value else {
          return value
        }
        return .array(before + new)
      }
      findings.errors.append(
        ConfigError(
          path.isEmpty
            ? "\(name): found '\(text)'; expected \(leaf.expected)"
            : "\(name): \(key) is one value, without parts", key: key))
      return nil
    case .group:
      guard let first = path.first, let field = field(first) else {
        guard path.isEmpty else {
          let nearest = path.first.flatMap { KeyName.nearest(to: $0, in: fields.map(\.name)) }
          findings.errors.append(
            ConfigError(
              "unknown option \(name)" + (nearest.map { "; did you mean --\(key).\($0)?" } ?? ""),
              key: key))
          return nil
        }
        return node(text, option: name, key, &findings).flatMap {
          checked($0.node, at: key, in: $0.file, over: current, &findings)
        }
      }
      return field.schema.setting(
        path.dropFirst(), to: text, option: name,
        at: key.isEmpty ? field.name : "\(key).\(field.name)",
        over: current?[field.name], adds: adds, &findings
      ).map { .object([.init(field.name, $0)]) }
    case .instance(let instance):
      return instance.setting(
        path, to: text, option: name, at: key, over: current, adds: adds, &findings)
    }
  }

  /// The value of an option that stands for a group: YAML in place, or the name of a file.
  private func node(
    _ text: String, option: String, _ key: String, _ findings: inout ConfigFindings
  ) -> (node: YAMLNode, file: String)? {
    do {
      let isInline = text.hasPrefix("{")
      let node = try isInline ? YAMLNode.parse(text, file: option) : YAMLNode.read(file: text)
      return (node ?? YAMLNode(.group([]), at: .init(line: 1, column: 1)), isInline ? option : text)
    } catch let error as ConfigError {
      findings.errors.append(
        error.source == nil ? ConfigError("\(option): \(error)", key: key) : error)
    } catch {
      findings.errors.append(ConfigError("\(option): \(error)", key: key))
    }
    return nil
  }
}

extension ConfigSchema.Instance {
  fileprivate func setting(
    _ path: ArraySlice<String>, to text: String, option name: String, at key: String,
    over current: ConfigValue?, adds: Bool, _ findings: inout ConfigFindings
  ) -> ConfigValue? {
    if path.isEmpty || path == ["class_path"] {
      do {
        let looksLikeYAML = text.hasPrefix("{") || text.hasPrefix("[")
        let place = YAMLNode.Place(line: 1, column: 1)
        let node =
          try looksLikeYAML || ["null", "~", "true", "false"].contains(text.lowercased())
          ? YAMLNode.parse(text, file: name) ?? YAMLNode(.scalar("", isPlain: true), at: place)
          : YAMLNode(.scalar(text, isPlain: false), at: place)
        return adds
          ? adding(node, at: key, in: name, to: current, &findings)
          : checked(node, at: key, in: name, over: current, &findings)
      } catch {
        findings.errors.append(ConfigError("\(name): \(error)", key: key))
        return nil
      }
    }
    // Arguments of the object, or of the last one in a list.
    let before: [ConfigValue] = if case .array(let items)? = current { items } else { [] }
    let object = isList ? before.last : current
    guard let classPath = object?.classPath, let entry = ClassRegistry.find(classPath, base: base)
    else {
      let option = "--\(key)" + (isList ? "+=" : " ")
      let example = ClassRegistry.all(base).first?.name ?? base
      findings.errors.append(
        ConfigError("\(name): there is no class yet; begin with \(option)\(example)", key: key))
      return nil
    }
    let argument = path.first == "init_args" ? path.dropFirst() : path
    if let first = argument.first, entry.ignores(first, entry.value(of: text)) {
      findings.ignored.append("\(key).\(first)")
      return current
    }
    guard
      let value = entry.schema.setting(
        argument, to: text, option: name, at: key, over: object?.initArgs, adds: adds, &findings)
    else { return nil }
    let arguments = entry.schema.merging(object?.initArgs ?? .object([]), value)
    let changed = ConfigValue.instance(entry.path, arguments)
    return isList ? .array(before.dropLast() + [changed]) : changed
  }
}

extension ClassEntry {
  /// The value that an option's text looks like.
  fileprivate func value(of text: String) -> ConfigValue {
    ConfigValue(YAMLNode(.scalar(text, isPlain: true), at: .init(line: 1, column: 1)))
  }
}

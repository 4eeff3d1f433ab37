internal import LevinConfiguration
internal import LevinTrainer

extension OptionTree {
  /// A file's settings without those that only Lightning has, and without the class of a model or data that is fixed.
  ///
  /// A setting that asks for what Levin does anyway is ignored; any other is an error that says what to do instead.
  func adapted(
    _ node: YAMLNode, at path: String = "", in file: String, _ parsed: inout ParsedOptions
  ) -> YAMLNode {
    guard case .group(let members) = node.content else { return node }
    var kept: [YAMLNode.Member] = []
    for var member in members {
      let name = KeyName.snakeCase(member.key.text)
      let key = path.isEmpty ? name : "\(path).\(name)"
      let source = ConfigError.Source(file: file, place: member.key.place)
      if let origin = linked[key] {
        parsed.errors.append(
          ConfigError("\(key): it cannot be set; it is computed from \(origin)", at: source))
        continue
      }
      let isKnown = place(of: key.split(separator: ".").map(String.init), in: nil) != nil
      if !isKnown, let lightning = LightningKey.all.first(where: { $0.path == key }) {
        if lightning.matches(member.value.text) {
          parsed.ignored.append(key)
        } else {
          parsed.errors.append(ConfigError("\(key): \(lightning.advice)", at: source))
        }
        continue
      }
      switch member.value.content {
      case .scalar(let text, isPlain: true):
        member.value.content = .scalar(LightningKey.meaning(of: text, for: key), isPlain: true)
      case .group where path.isEmpty:
        let value = withoutClass(member.value, of: name, in: file, &parsed)
        member.value = adapted(value, at: key, in: file, &parsed)
      default: break
      }
      kept.append(member)
    }
    var result = node
    result.content = .group(kept)
    return result
  }

  /// The settings of a group whose type is fixed, if they name it: those under `init_args`.
  private func withoutClass(
    _ node: YAMLNode, of name: String, in file: String, _ parsed: inout ParsedOptions
  ) -> YAMLNode {
    guard let group = group(name), let type = group.type, case .group = group.schema,
      let path = node.members.first(where: { $0.key.text == "class_path" })
    else { return node }
    var result = node
    guard path.value.text.split(separator: ".").last.map(String.init) == type else {
      parsed.errors.append(
        ConfigError(
          "\(name).class_path: found '\(path.value.text)'; the program has its \(name) built in, \(type): "
            + "leave class_path out and write what is under init_args directly under \(name)",
          at: .init(file: file, place: path.value.place)))
      result.content = .group([])
      return result
    }
    result.content = .group(
      node.members.flatMap { member -> [YAMLNode.Member] in
        switch member.key.text {
        case "class_path": []
        case "init_args": member.value.members
        default: [member]
        }
      })
    return result
  }
}

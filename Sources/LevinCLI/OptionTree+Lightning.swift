internal import LevinConfiguration
internal import LevinTrainer

extension OptionTree {
  /// A file's settings without those that only Lightning has.
  ///
  /// A setting that asks for what Levin does anyway is ignored; any other is an error that says what to do instead.
  func withoutLightningKeys(
    _ node: YAMLNode, at path: String = "", in file: String, _ parsed: inout ParsedOptions
  ) -> YAMLNode {
    guard case .group(let members) = node.content else { return node }
    var kept: [YAMLNode.Member] = []
    var groupsWithClass: Set<String> = []
    for var member in members {
      let name = KeyName.snakeCase(member.key.text)
      let key = path.isEmpty ? name : "\(path).\(name)"
      let place = "\(file):\(member.key.place): \(key): "
      if let group = LightningKey.classGroup(of: key), group != key {
        guard groupsWithClass.insert(group).inserted else { continue }
        parsed.errors.append(place + LightningKey.classAdvice(group, types[group]))
        continue
      }
      let isKnown = leaf(at: key.split(separator: ".").map(String.init)[...], in: schema) != nil
      if !isKnown, let lightning = LightningKey.all.first(where: { $0.path == key }) {
        if lightning.matches(member.value.text) {
          parsed.ignored.append(key)
        } else {
          parsed.errors.append(place + lightning.advice)
        }
        continue
      }
      switch member.value.content {
      case .scalar(let text, isPlain: true):
        member.value.content = .scalar(LightningKey.meaning(of: text, for: key), isPlain: true)
      case _ where key == LightningKey.logger.path:
        parsed.errors.append(place + LightningKey.logger.advice)
        continue
      case .group where path.isEmpty:
        member.value = withoutLightningKeys(member.value, at: key, in: file, &parsed)
      default: break
      }
      kept.append(member)
    }
    var result = node
    result.content = .group(kept)
    return result
  }
}

internal import LevinConfiguration
internal import LevinTrainer

extension ParsedOptions {
  /// The values of a group, checked against its rules; nil if one of them breaks a rule.
  ///
  /// A check stops at the first value that breaks a rule. So its default is put in its place and the check is
  /// repeated until no rule is broken: this reports all mistakes together.
  mutating func values<Values: HyperparameterSet>(
    _ type: Values.Type, of group: String, _ schema: ConfigSchema
  ) -> Values? {
    let defaults = schema.defaults
    var tree = self.tree[group] ?? .object([])
    var broken: Set<String> = []
    while true {
      do {
        let values = try Values(decoding: tree)
        try values.validate()
        return broken.isEmpty ? values : nil
      } catch {
        let error = Self.readable(error, in: group)
        let key = Self.key(of: error)
        let origin = key.flatMap { origins[$0] }.map { "\($0): " } ?? ""
        errors.append("\(origin)\(error)")
        guard let key, key.hasPrefix("\(group)."), broken.insert(key).inserted else { return nil }
        let path = key.split(separator: ".").map(String.init)
        guard let value = path.reduce(defaults, { $0?[$1] }) else { return nil }
        tree = tree.merging(.nested(Array(path.dropFirst()), value))
      }
    }
  }

  /// The error of a type that reads its own text, as one about its key.
  private static func readable(_ error: any Error, in group: String) -> any Error {
    guard case .dataCorrupted(let context)? = error as? DecodingError else { return error }
    let path = context.codingPath.map { KeyName.snakeCase($0.stringValue) }
    let key = ([group] + path).joined(separator: ".")
    return ConfigError("\(key): \(context.debugDescription)", key: key)
  }

  /// The key of the value that a rule's error is about.
  private static func key(of error: any Error) -> String? {
    if case .configuration(let key, _, _)? = error as? TrainerError { return "trainer.\(key)" }
    return (error as? ConfigError)?.key
  }
}

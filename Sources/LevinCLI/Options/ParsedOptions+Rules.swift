internal import LevinConfiguration
internal import LevinTrainer

extension ParsedOptions {
  /// The values of a group, checked against its rules; nil if one of them breaks a rule.
  ///
  /// A check stops at the first value that breaks a rule. So its default is put in its place and the check is
  /// repeated until no rule is broken: this reports all mistakes together.
  mutating func values<Values: HyperparameterSet>(
    _ type: Values.Type, of group: String, replacing: [String: ConfigValue] = [:]
  ) -> Values? {
    let schema = schema.field(group)?.schema ?? .group([])
    let defaults = schema.defaults
    // A type's own fields only: those that the command line adds are read elsewhere.
    let own = ConfigSchema(of: type)
    var tree = ConfigValue.object(
      (self.tree[group]?.members ?? []).filter { own.field($0.key) != nil })
    for (key, value) in replacing { tree[key] = value }
    var broken: Set<String> = []
    while true {
      do {
        let values = try Values(decoding: own.merging(own.defaults, tree))
        try values.validate()
        return broken.isEmpty ? values : nil
      } catch {
        let error = Self.readable(error, in: group)
        let key = Self.key(of: error)
        add(error, key)
        guard let key, key.hasPrefix("\(group)."), broken.insert(key).inserted else { return nil }
        let path = key.split(separator: ".").map(String.init)
        guard let value = path.dropFirst().reduce(defaults, { $0?[$1] }) else { return nil }
        tree = own.merging(tree, .nested(Array(path.dropFirst()), value))
      }
    }
  }

  /// Adds an error about a value, with the value's position.
  mutating func add(_ error: any Error, _ key: String?) {
    guard let origin = key.flatMap(origin) else {
      return errors.append(ConfigError("\(error)", key: key))
    }
    errors.append(ConfigError("\(error)", at: origin, key: key))
  }

  /// The tree with the default arguments of all objects; mistakes in them are added.
  mutating func complete() {
    var found: [ConfigError] = []
    tree = schema.completed(tree, &found)
    for error in found { add(error, error.key) }
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

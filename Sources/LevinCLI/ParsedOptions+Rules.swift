internal import LevinConfiguration
internal import LevinTrainer

extension ParsedOptions {
  /// The values of a group, held to its rules; nil where one is broken.
  ///
  /// Rules stop at the first value that breaks one, so its default is put in its place until no other breaks any: all
  /// of them are told at once.
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

  /// The value that an error of a rule is about.
  private static func key(of error: any Error) -> String? {
    if case .configuration(let key, _, _)? = error as? TrainerError { return "trainer.\(key)" }
    return (error as? ConfigError)?.key
  }
}

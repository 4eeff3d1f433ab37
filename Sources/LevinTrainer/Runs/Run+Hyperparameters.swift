internal import LevinConfiguration

/// The hyperparameters in a run's files.
extension Run {
  /// The module and the data module, as far as they have hyperparameters.
  private static func owners(_ parts: Parts) -> [any Configurable] {
    ([parts.module, parts.data] as [AnyObject]).compactMap { $0 as? any Configurable }
  }

  /// The hyperparameters of both modules in one tree, in alphabetical order.
  static func hyperparameters(of parts: Parts) throws -> ConfigValue {
    var members: [ConfigValue.Member] = []
    for owner in owners(parts) {
      for member in ConfigValue(encoding: owner.hyperparameters).members {
        guard let known = members.first(where: { $0.key == member.key }) else {
          members.append(member)
          continue
        }
        guard known.value == member.value else {
          throw TrainerError.hyperparameterConflict(key: member.key)
        }
      }
    }
    return .object(members.sorted { $0.key < $1.key })
  }

  /// The names of both modules' options that are not hyperparameters.
  static func settings(of parts: Parts) throws -> Set<String> {
    try owners(parts).reduce(into: []) { settings, owner in
      settings.formUnion(try type(of: owner.hyperparameters).checkedSettings())
    }
  }

  /// The options that differ from their defaults, by their names on the command line.
  static func options(of parts: Parts) -> [String: String] {
    var options: [String: String] = [:]
    func add<Values: HyperparameterSet>(_ values: Values, _ group: String) {
      let defaults = ConfigValue(encoding: Values())
      for (name, value) in ConfigValue(encoding: values).leaves where value != defaults.leaf(name) {
        options["\(group).\(name)"] = value.text
      }
    }
    add(parts.configuration, "trainer")
    if let module = parts.module as? any Configurable { add(module.hyperparameters, "model") }
    if let data = parts.data as? any Configurable { add(data.hyperparameters, "data") }
    return options
  }

  /// The content of `config.yaml`: the configuration of the run as it applies, and the checkpoint that it began with,
  /// so that the file reproduces the run.
  func configurationInForce(_ text: String, overruled: [ConfigValue.Member]) -> String {
    guard source != nil || !overruled.isEmpty,
      var tree = try? ConfigValue(yaml: text, file: "config.yaml")
    else { return text }
    for member in overruled {
      for name in ["model.", "data."].map({ $0 + member.key }) where tree.leaf(name) != nil {
        tree.set(name, to: member.value)
      }
    }
    if let source { tree["ckpt_path"] = .string(source.path) }
    return (try? tree.yaml()) ?? text
  }
}

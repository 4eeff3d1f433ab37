internal import LevinConfiguration
internal import LevinTrainer

extension ParsedOptions {
  /// Takes those of the model's options that nothing sets from the checkpoint, as Lightning's `LightningCLI` does.
  ///
  /// A checkpoint that cannot be read changes nothing here: the run says what is wrong with it.
  mutating func takeHyperparametersOfCheckpoint() {
    guard let wanted = checkpointPath, let model = schema.field("model")?.schema,
      case .group = model
    else { return }
    var root: String?
    if case .string(let path)? = tree["trainer"]?["default_root_dir"] { root = path }
    guard let saved = Checkpoint.hyperparameters(at: wanted, root: root) else { return }
    // Completed objects can be compared: they have all arguments, in one order.
    var unused: [ConfigError] = []
    let known = model.completed(tree["model"] ?? .object([]), &unused)
    for member in saved.members {
      let key = "model.\(member.key)"
      guard let field = model.field(member.key), !isSet(key),
        let before = known[field.name]
      else { continue }
      let value = field.schema.completed(field.schema.merging(before, member.value), &unused)
      guard value != before else { continue }
      tree["model"]?[field.name] = value
      fromCheckpoint.append("\(key) \(value.text)")
    }
  }

  /// Whether an option, a variable or a file sets a value or a part of it; a program's own defaults do not count.
  private func isSet(_ key: String) -> Bool {
    func belongs(_ name: String) -> Bool {
      name == key || name.hasPrefix(key + ".") || name.hasPrefix(key + "[")
    }
    return setByOptions.contains(where: belongs)
      || origins.contains { belongs($0.key) && $0.value.file != Self.programDefaults }
  }
}

internal import LevinConfiguration
internal import LevinTensor
internal import LevinTrainer

/// The result of parsing the arguments of a training command.
struct ParsedOptions {
  let command: TrainingCommand
  /// All values, defaults included.
  var tree: ConfigValue
  /// What the tree may hold.
  var schema = ConfigSchema.group([])
  /// What help is about, such as `trainer.callbacks`; empty: the common options; nil: no help is wanted.
  var wantsHelp: String?
  var wantsVersion = false
  /// How the config is to be printed, such as `skip_default`; nil: not.
  var wantsConfig: String?
  /// Whether to say what a training would do, and to do nothing.
  var wantsPlan = false
  /// The format in which `predict` prints.
  var predictions = Predictions.Format.text
  /// The arguments that a command to resume must repeat.
  var given: [String] = []
  /// The mistakes found.
  var errors: [ConfigError] = []
  /// Lightning's options that ask for what Levin does anyway.
  var ignored: [String] = []
  /// The variables of the environment that set an option.
  var fromEnvironment: [String] = []
  /// Options of the model whose values the checkpoint has.
  var fromCheckpoint: [String] = []
  /// Options that the command does not use.
  var useless: [String] = []
  /// The dotted names of the values that options have set.
  var setByOptions: Set<String> = []
  /// The position of each value that comes from a file, by its dotted name.
  var origins: [String: ConfigError.Source] = [:]

  /// What messages call the file of a program's own defaults.
  static let programDefaults = "the program's defaults"

  init(command: TrainingCommand, tree: ConfigValue) { (self.command, self.tree) = (command, tree) }

  var seed: Int? {
    if case .integer(let seed)? = tree["seed_everything"] { seed } else { nil }
  }

  var checkpointPath: String? {
    if case .string(let path)? = tree["ckpt_path"] { path } else { nil }
  }

  /// The content of `config.yaml`, which reproduces the run: the values without the checkpoint that the run began
  /// with, and with `seed`, the default generator's, if none was given.
  ///
  /// A run that begins with a checkpoint continues with the random numbers in it.
  /// `linked` names the values that are computed from others, and left out.
  func configuration(seed: UInt64, without linked: [String] = []) -> ConfigValue {
    guard case .object(let members) = tree.without(linked) else { return tree }
    var configuration = ConfigValue.object(members.filter { $0.key != "ckpt_path" })
    if self.seed == nil, checkpointPath == nil {
      configuration["seed_everything"] = .integer(Int(truncatingIfNeeded: seed))
    }
    return configuration
  }

  /// A line for each kind of argument that has no effect.
  var notes: [String] {
    var notes: [String] = []
    if !ignored.isEmpty {
      notes.append(
        "note: ignored settings of Lightning:  \(ignored.joined(separator: ", "))"
      )
    }
    if !fromEnvironment.isEmpty {
      notes.append("note: from the environment: \(fromEnvironment.joined(separator: ", "))")
    }
    if !fromCheckpoint.isEmpty {
      notes.append("note: from the checkpoint: \(fromCheckpoint.joined(separator: ", "))")
    }
    if !useless.isEmpty {
      notes.append(
        "note: \(command.rawValue) does not use \(useless.joined(separator: ", "))")
    }
    return notes
  }

  /// Adds a mistake.
  mutating func fail(_ text: String, key: String? = nil) {
    errors.append(ConfigError(text, key: key))
  }

  /// Remembers where the values of a file are; `init_args` is no part of their names.
  mutating func noteOrigins(_ node: YAMLNode, at path: String = "", in file: String) {
    if origins[path]?.file != file || path.isEmpty {
      origins[path] = .init(file: file, place: node.place)
    }
    switch node.content {
    case .scalar: origins[path] = .init(file: file, place: node.place)
    case .list(let items):
      for (index, item) in items.enumerated() {
        noteOrigins(item, at: "\(path)[\(index)]", in: file)
      }
    case .group(let members):
      for member in members {
        let name = member.key.text.split(separator: ".").map { KeyName.snakeCase(String($0)) }
          .filter { $0 != "init_args" }.joined(separator: ".")
        let key = [path, name].filter { !$0.isEmpty }.joined(separator: ".")
        setByOptions.remove(key)
        noteOrigins(member.value, at: key, in: file)
      }
    }
  }

  /// The position of the value that a rule's error is about, or of what it is a part of; nil if an option has set it.
  func origin(of name: String) -> ConfigError.Source? {
    let key = KeyName.snakeCase(name)
    if let origin = origins[key] { return origin }
    // An object alone in place of a list.
    let alone = key.replacing(/\[\d+\]/, with: "")
    if setByOptions.contains(alone) { return nil }
    if let origin = origins[alone] { return origin }
    guard let dot = key.lastIndex(of: ".") else { return nil }
    let above = String(key[..<dot])
    // What a file says about others does not matter for a default.
    return ["trainer", "model", "data"].contains(above) ? nil : origin(of: above)
  }

  func applySeed(_ seed: Int) {
    seedEverything(UInt64(bitPattern: Int64(seed)))
    Terminal.print("Seed set to \(seed)")
  }

  func commandToResume(from checkpoint: String) -> String {
    ([Program.command, command.rawValue] + given + ["--ckpt_path", checkpoint]).map(quoted).joined(
      separator: " ")
  }

  /// A word quoted for a shell.
  private func quoted(_ word: String) -> String {
    let plain = word.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=,:+@".contains($0))
    }
    return plain && !word.isEmpty
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}

extension ConfigValue {
  /// `value` under a path of keys.
  static func nested(_ path: [String], _ value: ConfigValue) -> ConfigValue {
    path.reversed().reduce(value) { .object([.init($1, $0)]) }
  }

  /// The tree without the values at some dotted names.
  fileprivate func without(_ names: [String]) -> ConfigValue {
    var result = self
    for name in names {
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      if parts.count == 1 {
        result[name] = nil
      } else if let below = result[parts[0]] {
        result[parts[0]] = below.without([parts[1]])
      }
    }
    return result
  }
}

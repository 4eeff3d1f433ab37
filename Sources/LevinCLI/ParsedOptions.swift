internal import LevinConfiguration
internal import LevinTensor
internal import LevinTrainer

/// The result of parsing the arguments of a training command.
struct ParsedOptions {
  let command: TrainingCommand
  /// All values, defaults included.
  var tree: ConfigValue
  var wantsHelp = false
  var wantsVersion = false
  var wantsConfig = false
  /// The format in which `predict` prints.
  var predictions = Predictions.Format.text
  /// The arguments that a command to resume must repeat.
  var given: [String] = []
  /// The mistakes found.
  var errors: [String] = []
  /// Lightning's options that ask for what Levin does anyway.
  var ignored: [String] = []
  /// Options that the command does not use.
  var useless: [String] = []
  /// The position of each value that comes from a file, such as `run.yaml:3:7`, by its dotted name.
  var origins: [String: String] = [:]

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
  func configuration(seed: UInt64) -> ConfigValue {
    guard case .object(let members) = tree else { return tree }
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
    if !useless.isEmpty {
      notes.append(
        "note: \(command.rawValue) does not use \(useless.joined(separator: ", "))")
    }
    return notes
  }

  mutating func set(_ path: [String], _ value: ConfigValue) {
    tree = tree.merging(.nested(path, value))
  }

  mutating func noteOrigins(_ node: YAMLNode, at path: String = "", in file: String) {
    guard case .group(let members) = node.content else {
      origins[path] = "\(file):\(node.place)"
      return
    }
    for member in members {
      let name = KeyName.snakeCase(member.key.text)
      noteOrigins(member.value, at: path.isEmpty ? name : "\(path).\(name)", in: file)
    }
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
}

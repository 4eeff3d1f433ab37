internal import LevinTensor
internal import LevinTrainer

/// What the arguments of a training command said.
struct ParsedOptions {
  let command: TrainingCommand
  /// All values, defaults included.
  var tree: ConfigValue
  var wantsHelp = false
  var wantsConfig = false
  /// How `predict` prints.
  var predictions = Predictions.Format.text
  /// The arguments that a command to go on must repeat.
  var given: [String] = []

  var seed: Int? {
    if case .integer(let seed)? = tree["seed_everything"] { seed } else { nil }
  }

  var checkpointPath: String? {
    if case .string(let path)? = tree["ckpt_path"] { path } else { nil }
  }

  /// What `config.yaml` keeps: the values, without the checkpoint that one run began from.
  var configuration: ConfigValue {
    guard case .object(let members) = tree else { return tree }
    return .object(members.filter { $0.key != "ckpt_path" })
  }

  mutating func set(_ path: [String], _ value: ConfigValue) {
    var change = value
    for key in path.reversed() { change = .object([.init(key, change)]) }
    tree = tree.merging(change)
  }

  func applySeed(_ seed: Int) {
    seedEverything(UInt64(bitPattern: Int64(seed)))
    Terminal.print("Seed set to \(seed)")
  }

  func commandToResume(from checkpoint: String) -> String {
    (["levin", command.rawValue] + given + ["--ckpt_path", checkpoint]).map(quoted).joined(
      separator: " ")
  }

  /// A word as a shell reads it back.
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

internal import LevinConfiguration
internal import LevinOptimizers
internal import LevinTensor

/// How a checkpoint differs from the current options and data.
extension Run {
  /// Notes which newer trainings `last` and `best` skipped because they died before their first checkpoint.
  func noteTrainingsWithout(_ wanted: String) {
    let folders = RunFolder.versions(in: parent)
      .map { RunFolder.joined(parent, "version_\($0)") }
    guard let run = source?.run, let index = folders.firstIndex(of: run) else { return }
    let passed = folders[(index + 1)...].filter {
      RunRecord.read(fromRun: $0)?.stretches.first?.stage == .fit
    }
    guard !passed.isEmpty else { return }
    note(
      "'\(wanted)' skips \(passed.map(RunFolder.name).joined(separator: ", ")), which "
        + "\(passed.count == 1 ? "has" : "have") no checkpoint.")
  }

  /// Notes whether the weights of an evaluation or a prediction were trained on other data.
  func compare(_ checkpoint: Checkpoint, data: AnyObject) {
    guard let data = data as? any Configurable else { return }
    let changes = checkpoint.changes(to: ConfigValue(encoding: data.hyperparameters))
      .filter { Self.saysWhichData($0.name) }
    guard !changes.isEmpty else { return }
    func list(_ value: (Checkpoint.Change) -> ConfigValue) -> String {
      changes.map { "\($0.name) \(value($0).text)" }.joined(separator: ", ")
    }
    note("The model was trained with \(list(\.was)), but the data here is \(list(\.now)).")
  }

  /// Whether a hyperparameter of a data module says which data it is, rather than where its files are or how large
  /// its batches are.
  private static func saysWhichData(_ name: String) -> Bool {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    return !["batch_size", "num_workers", "shuffle", "drop_last", "mirror"].contains(last)
      && !["root", "dir", "directory", "folder", "path"].contains {
        last == $0 || last.hasSuffix("_" + $0)
      }
  }

  /// Notes which options differ from the checkpoint's, and returns the hyperparameters that the checkpoint overrules.
  ///
  /// The optimizers continue with the checkpoint's learning rates; every other option takes effect.
  func compare(
    _ checkpoint: Checkpoint, hyperparameters: ConfigValue, optimizer: Optimizer
  ) -> [ConfigValue.Member] {
    var overruled: [ConfigValue.Member] = []
    var changed: [String] = []
    // With schedulers the rate of the moment says nothing about the hyperparameter.
    let rate =
      checkpoint.resumePoint?.schedulers.isEmpty ?? true
      ? checkpoint.optimizers.first?.learningRate : nil
    for change in checkpoint.changes(to: hyperparameters) {
      if let rate, change.now.isSame(as: .float(optimizer.learningRate)),
        optimizer.learningRate != rate
      {
        overruled.append(.init(change.name, change.was))
        note(
          "\(change.name) \(change.now.text) is not used: the optimizer keeps the checkpoint's learning rate, "
            + "\(ConfigValue.float(rate).text).")
      } else {
        changed.append("\(change.name) \(change.now.text), was \(change.was.text)")
      }
    }
    if let rate, overruled.isEmpty, optimizer.learningRate != rate {
      note(
        "The optimizer keeps the checkpoint's learning rate, \(ConfigValue.float(rate).text); "
          + "configureOptimizers() returned \(ConfigValue.float(optimizer.learningRate).text).")
    }
    if !changed.isEmpty { note("Changed from here on: \(changed.joined(separator: "; ")).") }
    return overruled
  }

  /// Notes that the training does not use the requested seed.
  func compareSeed(_ checkpoint: Checkpoint) {
    guard let text = configurationText,
      let tree = try? ConfigValue(yaml: text, file: "config.yaml"),
      case .integer(let seed)? = tree["seed_everything"],
      let began = checkpoint.seed, began != UInt64(bitPattern: Int64(seed))
    else { return }
    note(
      "seed_everything \(seed) is not used for the training: its random numbers continue from the checkpoint, "
        + "which began with \(began).")
  }
}

extension Checkpoint {
  /// The seed at the beginning of the training; nil in a file that holds only weights.
  fileprivate var seed: UInt64? {
    let generator = Generator(seed: 0)
    guard let state = resumePoint?.random["default"], (try? generator.restore(state)) != nil else {
      return nil
    }
    return generator.initialSeed
  }

  /// A hyperparameter that has changed since the checkpoint was written.
  struct Change {
    var name: String
    var was: ConfigValue
    var now: ConfigValue
  }

  /// The hyperparameters that are in both and differ, by their dotted names.
  func changes(to now: ConfigValue) -> [Change] {
    guard let hyperparameters,
      let was = try? ConfigValue(yaml: hyperparameters, file: "levin.hyperparameters")
    else { return [] }
    return now.leaves.compactMap { name, value in
      guard let old = was.leaf(name), !old.isSame(as: value) else { return nil }
      return Change(name: name, was: old, now: value)
    }
  }
}

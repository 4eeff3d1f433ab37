internal import LevinConfiguration
internal import LevinOptimizers
internal import LevinTensor

/// The checkpoint that a stage starts from, and how it differs from the current options and data.
extension Trainer {
  /// Reads the checkpoint that `wanted` names and puts its weights into `module`.
  func load<Batch>(
    _ wanted: String, into module: LightningModule<Batch>
  ) throws -> (checkpoint: Checkpoint, path: String) {
    let path = try CheckpointPath.resolve(wanted, parent: versionsFolder)
    let checkpoint = try loadWeights(path, into: module)
    source = RunStretch.Source(path: path)
    loadedHashes = checkpoint.dataHashes
    if wanted == "last" || wanted == "best" { noteTrainingsWithout(after: source?.run, wanted) }
    return (checkpoint, path)
  }

  /// Notes which newer trainings `last` and `best` skipped because they died before their first checkpoint.
  private func noteTrainingsWithout(after run: String?, _ wanted: String) {
    let folders = RunFolder.versions(in: versionsFolder)
      .map { RunFolder.joined(versionsFolder, "version_\($0)") }
    guard let run, let index = folders.firstIndex(of: run) else { return }
    let passed = folders[(index + 1)...].filter {
      RunRecord.read(fromRun: $0)?.stretches.first?.stage == .fit
    }
    guard !passed.isEmpty else { return }
    note(
      "'\(wanted)' skips \(passed.map(RunFolder.name).joined(separator: ", ")), which "
        + "\(passed.count == 1 ? "has" : "have") no checkpoint.")
  }

  /// Loads weights for an evaluation or a prediction, and notes which ones, and whether they were trained on other
  /// data.
  func loadWeights<Batch>(
    _ wanted: String, into module: LightningModule<Batch>,
    dataModule: LightningDataModule<Batch>
  ) throws {
    let (checkpoint, path) = try load(wanted, into: module)
    note("Loaded model weights from \(named(path)).")
    guard let data = dataModule as? any Configurable else { return }
    let changes = checkpoint.changes(to: ConfigValue(encoding: data.hyperparameters))
      .filter { Self.saysWhichData($0.name) }
    guard !changes.isEmpty else { return }
    func list(_ value: (Checkpoint.Change) -> ConfigValue) -> String {
      changes.map { "\($0.name) \(value($0).text)" }.joined(separator: ", ")
    }
    note("The model was trained with \(list(\.was)), but the data here is \(list(\.now)).")
  }

  /// The tag of the text in TensorBoard that says which weights a run evaluates.
  static let sourceTag = "levin/checkpoint"

  /// The Markdown text under ``sourceTag``.
  func sourceText(_ source: RunStretch.Source) -> String {
    let run = source.run.map { "Weights of **\(RunFolder.name(of: $0))**: " } ?? "Weights: "
    return run + "`\(source.path)`"
  }

  /// A checkpoint's path, with its run if the path does not contain it.
  func named(_ path: String) -> String {
    guard let run = source?.run, !path.hasPrefix(run + "/") else { return path }
    return "\(path), of the run \(run)"
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
  /// The optimizer continues with the checkpoint's learning rate; every other option takes effect.
  func compare(
    _ checkpoint: Checkpoint, hyperparameters: ConfigValue, optimizer: Optimizer
  ) -> [ConfigValue.Member] {
    var overruled: [ConfigValue.Member] = []
    var changed: [String] = []
    let rate = checkpoint.optimizers.first?.learningRate
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

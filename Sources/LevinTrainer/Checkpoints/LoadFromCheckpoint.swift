package import LevinConfiguration

extension Configurable where Self: LightningModuleBase {
  /// Makes a module from the hyperparameters in a checkpoint and loads its weights (Lightning's `load_from_checkpoint`).
  ///
  ///     let model = try DigitModule.loadFromCheckpoint("best.safetensors") { $0.learningRate = 1e-4 }
  ///
  /// Throws ``CheckpointError`` if the file is missing, damaged or without hyperparameters, if one of these is unknown to
  /// the module, or if the weights do not fit.
  ///
  /// - Parameter change: Sets hyperparameters that shall differ from the file's.
  public static func loadFromCheckpoint(
    _ path: String, _ change: (inout Hyperparameters) -> Void = { _ in }
  ) throws -> Self {
    try restored(from: Checkpoint(path: path), path: path, change)
  }

  /// As ``loadFromCheckpoint(_:_:)``, from a checkpoint that has been read from `path`.
  package static func restored(
    from checkpoint: Checkpoint, path: String, _ change: (inout Hyperparameters) -> Void = { _ in }
  ) throws -> Self {
    var hyperparameters = try Hyperparameters(savedIn: checkpoint, path: path)
    change(&hyperparameters)
    try hyperparameters.validate()
    let module = Self(hyperparameters)
    try module.onLoadCheckpoint(checkpoint)
    try module.loadWeights(of: checkpoint, path: path)
    return module
  }
}

extension Checkpoint {
  /// The hyperparameters of the module that wrote a checkpoint; nil if the file cannot be read or has none.
  ///
  /// - Parameter wanted: A file, the folder of a run, `last` or `best`, as trainers below `root` understand them.
  package static func hyperparameters(at wanted: String, root: String?) -> ConfigValue? {
    let parent = RunFolder(saveDir: root ?? ".").parent
    guard let path = try? CheckpointPath.resolve(wanted, parent: parent),
      let text = try? Checkpoint(path: path).moduleHyperparameters
    else { return nil }
    return try? ConfigValue(yaml: text, file: path)
  }
}

extension HyperparameterSet {
  /// The hyperparameters of the module that wrote a checkpoint.
  fileprivate init(savedIn checkpoint: Checkpoint, path: String) throws {
    func misfit(_ what: String) -> CheckpointError { .doesNotFit(path: path, what: what) }
    guard let text = checkpoint.moduleHyperparameters else {
      throw misfit(
        "it holds no hyperparameters of a module; make the module yourself and call its loadWeights(from:)"
      )
    }
    let saved = try ConfigValue(yaml: text, file: path)
    let known = ConfigValue(encoding: Self())
    // The arguments of an object depend on its class.
    let objects = ConfigSchema(of: Self.self).fields.compactMap { field in
      if case .instance = field.schema { "\(field.name)." } else { nil }
    }
    func isOfObject(_ name: String) -> Bool { objects.contains { name.hasPrefix($0) } }
    let names = known.leaves.map(\.name).filter { !isOfObject($0) }
    for (name, _) in saved.leaves where known.leaf(name) == nil && !isOfObject(name) {
      let nearest = KeyName.nearest(to: name, in: names)
      throw misfit(
        "its hyperparameter '\(name)' is unknown to \(Self.self)"
          + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
    if let missing = names.first(where: { saved.leaf($0) == nil }) {
      throw misfit(
        "it lacks the hyperparameter '\(missing)' of \(Self.self); it has \(saved.leaves.map(\.name).joined(separator: ", "))"
      )
    }
    self = try Self(decoding: saved)
  }
}

internal import LevinConfiguration
internal import LevinData
internal import LevinNN
internal import LevinSystem
internal import LevinTensor

extension Trainer {
  /// Logs the hyperparameters of both modules, and begins this stage's entry in the run's record.
  ///
  /// - Parameter overruled: Hyperparameters of the checkpoint that apply instead of the modules'.
  func logHyperparameters<Batch>(
    _ module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>,
    overruled: [ConfigValue.Member] = []
  ) throws {
    var tree = try Self.hyperparameters(of: module, dataModule)
    for member in overruled { tree.set(member.key, to: member.value) }
    hyperparameters = tree.members.isEmpty ? nil : try tree.json()
    try logger?.logHyperparameters(tree, settings: Self.settings(of: module, dataModule))
    if let configurationText {
      try logger?.runFolder?.setConfiguration(
        configurationInForce(configurationText, overruled: overruled))
    }
    try beginStretch(module, dataModule)
  }

  /// The hyperparameters of both modules in one tree, in alphabetical order.
  static func hyperparameters<Batch>(
    of module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>
  ) throws -> ConfigValue {
    var members: [ConfigValue.Member] = []
    for owner in [module, dataModule] as [AnyObject] {
      guard let configurable = owner as? any Configurable else { continue }
      for member in ConfigValue(encoding: configurable.hyperparameters).members {
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
  private static func settings<Batch>(
    of module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>
  ) throws -> Set<String> {
    try ([module, dataModule] as [AnyObject]).reduce(into: []) { settings, owner in
      guard let configurable = owner as? any Configurable else { return }
      settings.formUnion(try type(of: configurable.hyperparameters).checkedSettings())
    }
  }

  /// The content of `config.yaml`: the configuration of the run as it applies, and the checkpoint that it began with,
  /// so that the file reproduces the run.
  private func configurationInForce(
    _ text: String, overruled: [ConfigValue.Member]
  ) -> String {
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

  private func beginStretch<Batch>(
    _ module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>
  ) throws {
    guard let stage else { return }
    let stretch = RunStretch(
      stage: stage, status: .running, start: RunRecord.now(), end: nil,
      command: CommandLine.arguments, options: options(module, dataModule),
      seed: Generator.default.initialSeed, steps: .init(from: firstStep, to: nil),
      checkpoint: source, notes: notes,
      versions: ["levin": LevinVersion.current, "os": Machine.operatingSystem],
      commit: GitCommit.current(), dataHashes: [:], instructionSet: Machine.instructionSet,
      threadCount: Machine.threadCount, host: CurrentProcess.hostName, pid: CurrentProcess.id)
    notes = []
    record = RunRecord(
      status: .running, epochs: nil, steps: nil, model: "\(type(of: module))",
      parameters: module.parameters.reduce(0) { $0 + $1.shape.elementCount },
      stretches: (record?.stretches ?? []) + [stretch])
    try writeRecord()
  }

  private func writeRecord() throws {
    if let record { try logger?.runFolder?.setRecord(record) }
  }

  /// The options that differ from their defaults, by their names on the command line.
  private func options<Batch>(
    _ module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>
  ) -> [String: String] {
    var options: [String: String] = [:]
    func add<Values: HyperparameterSet>(_ values: Values, _ group: String) {
      let defaults = ConfigValue(encoding: Values())
      for (name, value) in ConfigValue(encoding: values).leaves where value != defaults.leaf(name) {
        options["\(group).\(name)"] = value.text
      }
    }
    add(configuration, "trainer")
    if let module = module as? any Configurable { add(module.hyperparameters, "model") }
    if let data = dataModule as? any Configurable { add(data.hyperparameters, "data") }
    return options
  }

  /// Prints a line about this run, and keeps it in the run's record.
  package func note(_ line: String) {
    // Standard output belongs to the outputs of the prediction.
    stage == .predict ? Terminal.printError(line) : Terminal.print(line)
    guard record?.status == .running else { return notes.append(line) }
    record?.last.notes.append(line)
    // The record is written again at the end, which reports a failure to write it.
    try? writeRecord()
  }

  /// Records the fingerprint of the data used for `name`, if it has one, and notes a difference from the checkpoint's.
  func record(fingerprint: String?, as name: String) throws {
    guard let fingerprint else { return }
    if let known = loadedHashes[name], known != fingerprint {
      note(
        "The \(name) data differs from the checkpoint's: its fingerprint is \(fingerprint), was \(known)."
      )
    }
    dataHashes[name] = fingerprint
    guard record != nil else { return }
    record?.last.dataHashes[name] = fingerprint
    try writeRecord()
  }

  func finishRecord(_ status: RunStatus) throws {
    guard record?.status == .running else { return }
    record?.end(status)
    record?.last.steps.to = globalStep
    record?.epochs = finishedEpochs
    record?.steps = globalStep
    try writeRecord()
  }

  /// Prints the run's folder and how to open it, once for each folder.
  func announceRun() {
    guard let folder = logger?.runFolder, let path = folder.path, announcedFolder != path else {
      return
    }
    announcedFolder = path
    Terminal.print("Run folder: \(path)")
    Terminal.print("Open it with: tensorboard --logdir=\(folder.parent)/")
  }

  /// Prints the metrics of an evaluation as a table sorted by name.
  func printResults(_ values: [(name: String, value: Double)], title: String) {
    guard !values.isEmpty else { return }
    Terminal.print(
      ResultsTable.text(
        title: title, Dictionary(values.map { ($0.name, $0.value) }) { $1 },
        width: Terminal.layoutWidth, box: Terminal.isInteractive))
  }
}

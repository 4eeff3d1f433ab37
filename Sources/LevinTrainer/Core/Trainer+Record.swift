internal import LevinData
internal import LevinTensor

extension Trainer {
  /// Tells the logger the hyperparameters of both modules, and the run's record what it is made with.
  func logHyperparameters<Batch>(
    _ module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>
  ) throws {
    var members: [ConfigValue.Member] = []
    var settings: Set<String> = []
    for owner in [module, dataModule] as [AnyObject] {
      guard let configurable = owner as? any Configurable else { continue }
      settings.formUnion(try type(of: configurable.hyperparameters).checkedSettings())
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
    let tree = ConfigValue.object(members.sorted { $0.key < $1.key })
    hyperparameters = members.isEmpty ? nil : try tree.json()
    try logger?.logHyperparameters(tree, settings: settings)
    if let configurationText { try logger?.runFolder?.setConfiguration(configurationText) }
    try beginRecord()
  }

  private func beginRecord() throws {
    guard let folder = logger?.runFolder else { return }
    var record =
      record
      ?? RunRecord(
        status: .running, start: RunRecord.now(), end: nil, command: CommandLine.arguments,
        versions: ["levin": LevinVersion.current, "os": Machine.operatingSystem],
        commit: GitCommit.current(), dataHashes: [:], instructionSet: Machine.instructionSet,
        threadCount: Machine.threadCount, seed: Generator.default.initialSeed,
        host: Platform.hostName, pid: Platform.processID, epochs: nil, steps: nil,
        resumedFrom: nil)
    record.status = .running
    if let resumedFrom { record.resumedFrom = resumedFrom }
    (record.end, record.epochs, record.steps) = (nil, nil, nil)
    self.record = record
    try folder.setRecord(record)
  }

  /// Notes what data a run is made with, where the data says what it is.
  func record<Batch>(_ loader: DataLoader<Batch>?, as name: String) throws {
    guard var record, let folder = logger?.runFolder, let loader,
      let fingerprint = loader.dataset.fingerprint, record.dataHashes[name] != fingerprint
    else { return }
    record.dataHashes[name] = fingerprint
    self.record = record
    try folder.setRecord(record)
  }

  func finishRecord(_ status: RunStatus) throws {
    guard var record, let folder = logger?.runFolder, folder.path != nil else { return }
    record.status = status
    record.end = RunRecord.now()
    record.epochs = currentEpoch
    record.steps = globalStep
    self.record = record
    try folder.setRecord(record)
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

  /// Prints the metrics of an evaluation as a table, by name.
  func printResults(_ values: [(name: String, value: Double)], title: String) {
    guard !values.isEmpty else { return }
    Terminal.print(
      ResultsTable.text(
        title: title, Dictionary(values.map { ($0.name, $0.value) }) { $1 },
        width: Terminal.layoutWidth, box: Terminal.isInteractive))
  }
}

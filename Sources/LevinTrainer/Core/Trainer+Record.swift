internal import LevinTensor

extension Trainer {
  /// Tells the logger the hyperparameters of both modules, and the run's record what it is made with.
  func logHyperparameters<Batch>(
    _ module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>
  ) throws {
    var members: [ConfigValue.Member] = []
    for owner in [module, dataModule] as [AnyObject] {
      guard let configurable = owner as? any Configurable else { continue }
      for member in try HyperparameterFile.members(of: configurable.hyperparameters) {
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
    hyperparameters = members.isEmpty ? nil : try HyperparameterFile.json(tree)
    try logger?.logHyperparameters(tree)
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
        host: Platform.hostName, pid: Platform.processID, epochs: 0, steps: 0,
        resumedFrom: folder.continues)
    record.status = .running
    record.end = nil
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
    print("Run folder: \(path)")
    print("Open it with: tensorboard --logdir=\(folder.parent)/")
  }

  /// Prints the metrics of an evaluation as a table, by name.
  func printResults(_ values: [(name: String, value: Double)], title: String) {
    guard !values.isEmpty else { return }
    let rows = values.sorted { $0.name < $1.name }.map { ($0.name, "\(Float($0.value))") }
    let nameWidth = max(title.count, rows.map(\.0.count).max() ?? 0)
    let valueWidth = max("Value".count, rows.map(\.1.count).max() ?? 0)
    func line(_ name: String, _ value: String) -> String {
      "  " + name.padded(to: nameWidth) + "  " + value.padded(to: valueWidth)
    }
    let rule = "  " + String(repeating: "─", count: nameWidth + valueWidth + 2)
    print(line(title, "Value"))
    print(rule)
    for (name, value) in rows { print(line(name, value)) }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

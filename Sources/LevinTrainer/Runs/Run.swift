internal import LevinConfiguration
internal import LevinNN
internal import LevinSystem
internal import LevinTensor

/// The run of a trainer: its folder, its record with a stretch for each stage, its hyperparameters, and the checkpoint
/// that it came from.
final class Run {
  /// The folder; nil if no logger has one.
  let folder: RunFolder?
  /// The folder of all versions, in which `last` and `best` are looked up.
  let parent: String
  /// The configuration of the run as YAML, saved in the folder as `config.yaml`.
  var configurationText: String?
  /// The hyperparameters of both modules, as JSON, for checkpoints.
  private(set) var hyperparameters: String?
  /// The checkpoint that the current stage began with; nil if it began from scratch.
  private(set) var source: RunStretch.Source?
  /// The fingerprints of this trainer's data, by the name of the set.
  private(set) var dataHashes: [String: String] = [:]
  /// The number of epochs whose last batch was trained.
  var finishedEpochs = 0

  private var record: RunRecord?
  private var stage = Stage.fit
  /// The number of optimizer steps at the start of the stage.
  private var firstStep = 0
  /// Notes printed before the record existed.
  private var notes: [String] = []
  /// The fingerprints of the data that the checkpoint was written with.
  private var loadedHashes: [String: String] = [:]
  /// The folder that was last announced on the terminal.
  private var announced: String?

  init(folder: RunFolder?, root: String?) {
    self.folder = folder
    parent = folder?.parent ?? RunFolder(saveDir: root ?? ".").parent
  }

  // MARK: Stages

  func begin(_ stage: Stage) {
    self.stage = stage
    (source, loadedHashes, notes) = (nil, [:], [])
  }

  /// Remembers the checkpoint that the stage begins with.
  func came(from checkpoint: Checkpoint, at path: String) {
    source = RunStretch.Source(path: path)
    loadedHashes = checkpoint.dataHashes
  }

  /// The parts of a program that a stretch of the record is about.
  struct Parts {
    var configuration: TrainerConfiguration
    var module: LightningModuleBase
    var data: AnyObject
  }

  /// Writes the hyperparameters of both modules to the logger, and begins the stage's stretch in the record.
  ///
  /// - Parameters:
  ///   - overruled: Hyperparameters of the checkpoint that apply instead of the modules'.
  ///   - step: The number of optimizer steps so far.
  func describe(
    _ parts: Parts, to logger: LoggerCollection?, overruled: [ConfigValue.Member], step: Int
  ) throws {
    var tree = try Self.hyperparameters(of: parts)
    for member in overruled { tree.set(member.key, to: member.value) }
    hyperparameters = tree.members.isEmpty ? nil : try tree.json()
    try logger?.logHyperparameters(tree, settings: Self.settings(of: parts))
    if let configurationText {
      try folder?.setConfiguration(
        configurationInForce(configurationText, overruled: overruled))
    }
    firstStep = step
    try beginStretch(parts)
  }

  private func beginStretch(_ parts: Parts) throws {
    let stretch = RunStretch(
      stage: stage, status: .running, start: RunRecord.now(), end: nil,
      command: CommandLine.arguments, options: Self.options(of: parts),
      seed: Generator.default.initialSeed, steps: .init(from: firstStep, to: nil),
      checkpoint: source, notes: notes,
      versions: ["levin": LevinVersion.current, "os": Machine.operatingSystem],
      commit: GitCommit.current(), dataHashes: [:], instructionSet: Machine.instructionSet,
      threadCount: Machine.threadCount, host: CurrentProcess.hostName, pid: CurrentProcess.id)
    notes = []
    record = RunRecord(
      status: .running, epochs: nil, steps: nil, model: "\(type(of: parts.module))",
      parameters: parts.module.parameters.reduce(0) { $0 + $1.shape.elementCount },
      stretches: (record?.stretches ?? []) + [stretch])
    try writeRecord()
  }

  private func writeRecord() throws {
    if let record { try folder?.setRecord(record) }
  }

  /// Prints a line about this run, and keeps it in the record.
  func note(_ line: String) {
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

  /// Ends the stretch, if one is open.
  func finish(_ status: RunStatus, step: Int) throws {
    guard record?.status == .running else { return }
    record?.end(status)
    record?.last.steps.to = step
    record?.epochs = finishedEpochs
    record?.steps = step
    try writeRecord()
  }

  /// Prints the folder and how to open it, once for each folder.
  func announce() {
    guard let folder, let path = folder.path, announced != path else { return }
    announced = path
    Terminal.print("Run folder: \(path)")
    Terminal.print("Open it with: tensorboard --logdir=\(folder.parent)/")
  }

  // MARK: Resuming

  /// Continues in the folder of the run that the checkpoint belongs to, if it is below the same root.
  func `continue`(from path: String) {
    guard let folder, let real = FileSystem.realPath(path) else { return }
    let parts = real.split(separator: "/")
    guard parts.count > 2 else { return }
    // The folder is claimed when something is written, as a new one would be.
    folder.continues = "/" + parts.dropLast(2).joined(separator: "/")
  }

  /// A checkpoint's path, with its run if the path does not contain it.
  func named(_ path: String) -> String {
    guard let run = source?.run, !path.hasPrefix(run + "/") else { return path }
    return "\(path), of the run \(run)"
  }

  /// The Markdown text that says in TensorBoard which weights a run evaluates; nil if they are nobody's.
  var sourceText: String? {
    source.map { source in
      let run = source.run.map { "Weights of **\(RunFolder.name(of: $0))**: " } ?? "Weights: "
      return run + "`\(source.path)`"
    }
  }
}

public import LevinConfiguration
public import LevinTensorBoard
internal import LevinSystem
internal import Synchronization

/// Writes a run for TensorBoard: `saveDir/name/version_N` with event files and `hparams.yaml`.
///
/// The folder is created when the first thing is written, so that a run that fails before that leaves nothing behind.
/// Each stage (fit, then test) has its own event file, as in Lightning.
public final class TensorBoardLogger: Logger {
  private let folder: RunFolder
  /// The open writer, accessible to a thread that ends by a trap.
  private final class Current: Sendable {
    let writer = Mutex<SummaryWriter?>(nil)
  }
  private let current = Current()
  private var openWriter: SummaryWriter? {
    didSet { current.writer.withLock { $0 = openWriter } }
  }
  /// The first error of a call that cannot throw; thrown by the next one that can.
  private var failure: (any Error)?

  private let subDir: String
  private let prefix: String
  private let writesGraph: Bool
  private let defaultHPMetric: Bool
  /// The hyperparameters for the HParams tab; written with the run's first value, so that a run that fails before
  /// that leaves nothing behind.
  private var pending: ConfigValue?
  private var written: ConfigValue?

  /// - Parameters:
  ///   - saveDir: The folder of all experiments.
  ///   - name: The folder of this experiment below it; may be empty.
  ///   - version: The folder of the run; nil: `version_N` with the next N.
  ///   - logGraph: Writes the graph that the module's ``LightningModuleBase/exampleInput`` runs through, if it has one.
  ///   - defaultHPMetric: Writes a metric `hp_metric` of -1 beside the hyperparameters, as Lightning does unless told
  ///     otherwise. TensorBoard's HParams tab then has a column for this metric only; otherwise it has one for every
  ///     metric that the run logs.
  ///   - prefix: Metrics are named `prefix-name`.
  ///   - subDir: A folder in that of the run for the event files; may be empty.
  public init(
    saveDir: String = ".", name: String = "lightning_logs", version: RunVersion? = nil,
    logGraph: Bool = true, defaultHPMetric: Bool = false, prefix: String = "", subDir: String = ""
  ) {
    folder = RunFolder(saveDir: saveDir, name: name, version: version)
    (writesGraph, self.defaultHPMetric) = (logGraph, defaultHPMetric)
    (self.prefix, self.subDir) = (prefix, subDir)
  }

  /// The folder of the run with its record.
  public var runFolder: RunFolder? { folder }
  /// The folder of the event files, created if necessary; nil if that fails, with an error that later ends the run.
  public var logDirectory: String? {
    writer()?.directory
  }

  /// The writer of this run's event files, for values that this class has no method for; nil if the folder cannot be
  /// created, with an error that later ends the run.
  public var experiment: SummaryWriter? { writer() }

  private var startStep = 0
  /// The mark to resume from, until the next event file is open.
  private var resumeMark: String?
  /// The mark at the start of the next event file.
  private var headMark: String?

  /// Opens the next event file at this step, after rewinding the run to `mark`.
  public func beginStage(globalStep: Int, after mark: String?) {
    startStep = globalStep
    (resumeMark, headMark) = (mark, mark)
  }

  /// Marks a point in the event file.
  public func mark(_ mark: String, globalStep: Int) {
    guard let openWriter else { return headMark = mark }
    openWriter.addMark(mark, step: globalStep)
  }

  private func writer() -> SummaryWriter? {
    if let openWriter { return openWriter }
    guard failure == nil else { return nil }
    do {
      let run = try folder.claim()
      let directory = subDir.isEmpty ? run : RunFolder.joined(run, subDir)
      try FileBytes.makeFolder(directory)
      var step = startStep
      if let resumeMark, folder.isContinuation,
        let kept = try SummaryWriter.rewind(directory, to: resumeMark)
      {
        step = max(step, kept)
      }
      resumeMark = nil
      let writer = try SummaryWriter(directory: directory, purgeStep: step)
      openWriter = writer
      if let headMark { writer.addMark(headMark, step: startStep) }
      headMark = nil
      startSession(in: writer)
      return writer
    } catch {
      failure = error
      return nil
    }
  }

  private func startSession(in writer: SummaryWriter) {
    guard let tree = pending else { return }
    pending = nil
    guard tree != written else { return }
    written = tree
    let values = tree.flatHyperparameters
    guard !values.isEmpty else { return }
    writer.startSession(values, metrics: defaultHPMetric ? ["hp_metric"] : nil)
    if defaultHPMetric { writer.addScalar("hp_metric", -1, step: 0) }
    sessionIsOpen = true
  }
  private var sessionIsOpen = false

  /// Calls `body` with the writer, and keeps its error for the next call that can throw.
  public func write(_ body: (SummaryWriter) throws -> Void) {
    guard let writer = writer() else { return }
    do { try body(writer) } catch { failure = failure ?? error }
  }

  /// Writes a point of each curve.
  public func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) {
    guard let writer = writer() else { return }
    for (name, value) in metrics {
      writer.addScalar(prefix.isEmpty ? name : "\(prefix)-\(name)", value, step: step)
    }
  }

  /// Keeps all of them for `hparams.yaml`, and those that are not settings for the HParams tab.
  public func logHyperparameters(
    _ hyperparameters: ConfigValue, settings: Set<String> = []
  ) throws {
    try folder.setHyperparameters(hyperparameters.yaml(sortKeys: true))
    pending = .object(hyperparameters.members.filter { !settings.contains($0.key) })
    if let openWriter { startSession(in: openWriter) }
  }

  /// Writes the hyperparameters immediately, with the metrics that get a column in the HParams tab, each with its
  /// current value (Lightning's `log_hyperparams(params, metrics)`).
  public func logHyperparameters(
    _ hyperparameters: ConfigValue, metrics: KeyValuePairs<String, Double>, step: Int = 0
  ) throws {
    try folder.setHyperparameters(hyperparameters.yaml(sortKeys: true))
    (pending, written) = (nil, hyperparameters)
    write { writer in
      writer.startSession(hyperparameters.flatHyperparameters, metrics: metrics.map(\.key))
      for (name, value) in metrics { writer.addScalar(name, value, step: step) }
      sessionIsOpen = true
    }
    try check()
  }

  /// Writes a picture for the Images tab.
  public func addImage(_ tag: String, _ image: PixelImage, step: Int) {
    writer()?.addImage(tag, image, step: step)
  }

  /// Writes a text under `tag/text_summary`.
  public func addText(_ tag: String, _ text: String, step: Int) {
    writer()?.addText(tag, text, step: step)
  }

  /// Writes the graph for the Graphs tab, unless that is turned off.
  public func logGraph(_ graph: GraphSummary) {
    if writesGraph { writer()?.addGraph(graph) }
  }

  /// Throws if the run's folder or a file in it cannot be written.
  public func check() throws {
    if let failure { throw failure }
  }

  /// Returns when everything is on the disk; throws what went wrong since the last time.
  public func flush() throws {
    let flushing = Result { try openWriter?.flush() }
    try check()
    try flushing.get()
  }

  /// Closes the event file; a later value opens another one.
  public func finalize(_ status: RunStatus) throws {
    if sessionIsOpen {
      openWriter?.endSession(status == .finished ? .success : .failure)
      sessionIsOpen = false
    }
    // What was logged is saved even if something else went wrong.
    let closing = Result { try openWriter?.close() }
    try check()
    try closing.get()
    openWriter = nil
  }

  /// Saves what the writer has buffered.
  public var emergencyFlush: (@Sendable () -> Void)? {
    // The process is about to end with an error that matters more than a failure to write.
    { [current] in try? current.writer.withLock { try $0?.flush() } }
  }
}

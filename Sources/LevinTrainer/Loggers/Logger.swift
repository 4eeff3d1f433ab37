public import LevinConfiguration
public import LevinTensorBoard

/// A destination for what a run logs.
///
/// A logger of one's own writes two methods, ``logMetrics(_:step:)`` and ``logHyperparameters(_:settings:)``; the others
/// do nothing unless they are written, too. An error that a method throws ends the run after the current batch.
///
/// A trainer may have several loggers. Modules and callbacks reach all of them at once through
/// ``LightningModuleBase/logger``.
public protocol Logger: AnyObject {
  /// Writes metrics at a point of the x-axis.
  ///
  /// It is called for every `logEveryNSteps`-th training step, for each step of an evaluation that logs by step, and at the
  /// end of each epoch, for the training and for the validation. Metrics of the trainer have `epoch` among them.
  func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) throws
  /// Writes the hyperparameters of the module and the data module, in alphabetical order; called once a stage, before the
  /// first metrics.
  ///
  /// `settings` has the names of those that do not affect what is learnt, such as a folder
  /// (``HyperparameterSet/settings``).
  func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) throws

  /// Writes a text, in Markdown.
  func addText(_ tag: String, _ text: String, step: Int) throws
  /// Writes a picture; figures and grids of pictures come here, too.
  func addImage(_ tag: String, _ image: PixelImage, step: Int) throws
  /// Writes the graph that the module's example input runs through; called once, before the training.
  func logGraph(_ graph: GraphSummary) throws
  /// Calls `body` with the writer of the run's event files, if there is one: all other kinds of value are written this
  /// way.
  func write(_ body: (SummaryWriter) throws -> Void) throws

  /// Called before a stage writes its first value, with the number of optimizer steps so far.
  ///
  /// `mark` is the mark of the point that a training resumes from. What an earlier, killed run wrote after that mark
  /// no longer counts.
  func beginStage(globalStep: Int, after mark: String?) throws
  /// Marks a point that a training can resume from: everything logged so far comes before it.
  func mark(_ mark: String, globalStep: Int) throws
  /// Throws what went wrong since the last call that could throw; called after every batch, so it must be cheap.
  func check() throws
  /// Returns when everything logged so far is on the disk; called at the end of each epoch.
  func flush() throws
  /// Ends a stage; a later value begins a new one.
  func finalize(_ status: RunStatus) throws

  /// The folder of what the logger writes, created on first use; nil if it has none.
  ///
  /// That of the trainer's first logger holds the checkpoints.
  var logDirectory: String? { get }
  /// The folder of a run and its record, if this logger makes one; that of the trainer's first logger is the run's.
  var runFolder: RunFolder? { get }
  /// Tells the logger which folder is the run's, if one of the trainer's loggers makes one.
  ///
  /// ``RunFolder/claim()`` creates it.
  func share(_ folder: RunFolder)
  /// Called before a trap ends the process, perhaps from another thread, to save what was logged.
  var emergencyFlush: (@Sendable () -> Void)? { get }
}

extension Logger {
  /// Does nothing.
  public func addText(_ tag: String, _ text: String, step: Int) throws {}
  /// Does nothing.
  public func addImage(_ tag: String, _ image: PixelImage, step: Int) throws {}
  /// Does nothing.
  public func logGraph(_ graph: GraphSummary) throws {}
  /// Does nothing.
  public func write(_ body: (SummaryWriter) throws -> Void) throws {}
  /// Does nothing.
  public func beginStage(globalStep: Int, after mark: String?) throws {}
  /// Does nothing.
  public func mark(_ mark: String, globalStep: Int) throws {}
  /// Does nothing.
  public func check() throws {}
  /// Does nothing.
  public func flush() throws {}
  /// Does nothing.
  public func finalize(_ status: RunStatus) throws {}
  /// nil.
  public var logDirectory: String? { nil }
  /// nil.
  public var runFolder: RunFolder? { nil }
  /// Does nothing.
  public func share(_ folder: RunFolder) {}
  /// nil: there is nothing to save.
  public var emergencyFlush: (@Sendable () -> Void)? { nil }
}

public import LevinConfiguration
public import LevinTensor
public import LevinTensorBoard

/// The destination of the metrics, images and texts of a run.
public protocol Logger: AnyObject {
  /// The folder of the run, created on first use; nil if nothing is written.
  var logDirectory: String? { get }
  /// Called before a stage writes its first value, with the number of optimizer steps so far.
  ///
  /// `mark` is the mark of the point that a training resumes from. What an earlier, killed run wrote after that mark
  /// no longer counts.
  func beginStage(globalStep: Int, after mark: String?)
  /// Marks a point that a training can resume from: everything logged so far comes before it.
  func mark(_ mark: String, globalStep: Int)
  func logMetrics(_ metrics: [(name: String, value: Double)], step: Int)
  /// Logs hyperparameters; `settings` has the names of the values that are not hyperparameters
  /// (``HyperparameterSet/settings``).
  func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) throws
  /// Adds an image `[channels, height, width]`; floats are clipped to 0…1, uint8 is used unchanged.
  func addImage(_ tag: String, _ image: Tensor, step: Int)
  func addText(_ tag: String, _ text: String, step: Int)
  /// Calls `body` with the writer of the run's event files, if there is one; an error is kept until the next call
  /// that can throw.
  ///
  /// All other kinds of value are written this way.
  func write(_ body: (SummaryWriter) throws -> Void)
  /// Throws what went wrong since the last call that could throw.
  ///
  /// It is called after every step, so it must be cheap.
  func check() throws
  /// Returns when everything logged so far is on the disk.
  func flush() throws
  /// Ends a stage of a run; a later value begins a new one.
  func finalize(_ status: RunStatus) throws
  /// The folder of the run and its record, if the logger has one.
  var runFolder: RunFolder? { get }
  /// Called before a trap ends the process, perhaps from another thread, to save what was logged.
  var emergencyFlush: (@Sendable () -> Void)? { get }
}

extension Logger {
  /// Adds an image at step 0.
  public func addImage(_ tag: String, _ image: Tensor) { addImage(tag, image, step: 0) }
  /// Adds a text at step 0.
  public func addText(_ tag: String, _ text: String) { addText(tag, text, step: 0) }
}

extension Logger {
  /// Writes nothing.
  public func write(_ body: (SummaryWriter) throws -> Void) {}
  /// Throws nothing.
  public func check() throws {}
  /// Does nothing.
  public func beginStage(globalStep: Int, after mark: String?) {}
  /// Does nothing.
  public func mark(_ mark: String, globalStep: Int) {}
  /// nil.
  public var runFolder: RunFolder? { nil }
  /// nil: there is nothing to save.
  public var emergencyFlush: (@Sendable () -> Void)? { nil }
}

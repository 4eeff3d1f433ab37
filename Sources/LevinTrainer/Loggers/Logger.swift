public import LevinTensor
public import LevinTensorBoard

/// Where metrics, images and texts of a run go.
public protocol Logger: AnyObject {
  /// The folder of the run, which is made if it is not there yet; nil where nothing is written.
  var logDirectory: String? { get }
  /// Called before a stage writes its first value, with the optimizer steps made so far.
  ///
  /// A training that goes on gives the mark of the point that it goes on from: what an earlier, broken off run wrote
  /// behind that mark no longer counts.
  func beginStage(globalStep: Int, after mark: String?)
  /// Marks a point from which a training may go on: all that was logged so far comes before it.
  func mark(_ mark: String, globalStep: Int)
  func logMetrics(_ metrics: [(name: String, value: Double)], step: Int)
  /// `settings` names those that are no hyperparameters (``HyperparameterSet/settings``).
  func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) throws
  /// `image` is `[channels, height, width]`; floats are taken as 0…1 and clipped, uint8 as it is.
  func addImage(_ tag: String, _ image: Tensor, step: Int)
  func addText(_ tag: String, _ text: String, step: Int)
  /// Calls `body` with the writer of the run's event files, where there is one; an error of it is kept until the
  /// next call that can throw.
  ///
  /// All kinds of values beyond metrics, images and texts go this way.
  func write(_ body: (SummaryWriter) throws -> Void)
  /// Throws what went wrong since the last call that could throw; asked after every step, so it does nothing else.
  func check() throws
  /// Returns when everything before it is on the disk.
  func flush() throws
  /// Ends a stage of a run; a later value begins another one.
  func finalize(_ status: RunStatus) throws
  /// The folder of the run with its record, where the logger has one.
  var runFolder: RunFolder? { get }
  /// Called before the process ends by a trap, perhaps from another thread, to save what was logged.
  var emergencyFlush: (@Sendable () -> Void)? { get }
}

extension Logger {
  /// Writes nothing.
  public func write(_ body: (SummaryWriter) throws -> Void) {}
  /// Knows of nothing.
  public func check() throws {}
  /// Does nothing.
  public func beginStage(globalStep: Int, after mark: String?) {}
  /// Does nothing.
  public func mark(_ mark: String, globalStep: Int) {}
  /// None.
  public var runFolder: RunFolder? { nil }
  /// Nothing to save.
  public var emergencyFlush: (@Sendable () -> Void)? { nil }
}

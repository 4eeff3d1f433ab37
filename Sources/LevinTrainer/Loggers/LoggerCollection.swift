internal import LevinConfiguration
public import LevinTensorBoard

/// The loggers of a trainer, as its modules and callbacks see them: what is logged goes to all of them.
///
/// Without loggers, as during the sanity check, everything is dropped. An error of a logger ends the run after the
/// current batch.
public final class LoggerCollection {
  /// The loggers; the first one with a ``Logger/runFolder`` makes the run's folder.
  public let loggers: [any Logger]
  /// The first error since the last ``check()``.
  private var failure: (any Error)?

  /// Makes the loggers share the run's folder.
  public init(_ loggers: [any Logger] = []) {
    self.loggers = loggers
    guard let folder = runFolder else { return }
    for logger in loggers { logger.share(folder) }
  }

  /// Whether everything is dropped.
  public var isEmpty: Bool { loggers.isEmpty }
  /// The folder of the first logger that has one, created if necessary.
  public var logDirectory: String? { loggers.lazy.compactMap(\.logDirectory).first }

  /// Calls all loggers, also those after one that throws.
  func each(_ body: (any Logger) throws -> Void) {
    for logger in loggers {
      do { try body(logger) } catch { failure = failure ?? error }
    }
  }

  /// Calls all loggers, and throws the first error.
  private func trying(_ body: (any Logger) throws -> Void) throws {
    each(body)
    try throwFailure()
  }

  private func throwFailure() throws {
    guard let failure else { return }
    self.failure = nil
    throw failure
  }

  /// Writes metrics at a point of the x-axis.
  public func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) {
    each { try $0.logMetrics(metrics, step: step) }
  }
  /// Adds a text in Markdown.
  public func addText(_ tag: String, _ text: String, step: Int = 0) {
    each { try $0.addText(tag, text, step: step) }
  }
  /// Adds a picture.
  public func addImage(_ tag: String, _ image: PixelImage, step: Int = 0) {
    each { try $0.addImage(tag, image, step: step) }
  }
  /// Calls `body` with the writer of each logger that writes event files.
  public func write(_ body: (SummaryWriter) throws -> Void) { each { try $0.write(body) } }

  // MARK: What the trainer calls

  /// The folder of the run, from the first logger that makes one.
  var runFolder: RunFolder? { loggers.lazy.compactMap(\.runFolder).first }

  func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) throws {
    try trying { try $0.logHyperparameters(hyperparameters, settings: settings) }
  }
  func beginStage(globalStep: Int, after mark: String?) {
    each { try $0.beginStage(globalStep: globalStep, after: mark) }
  }
  func mark(_ mark: String, globalStep: Int) { each { try $0.mark(mark, globalStep: globalStep) } }
  @inline(__always)
  func check() throws {
    try throwFailure()
    for logger in loggers { try logger.check() }
  }
  func flush() throws { try trying { try $0.flush() } }
  func finalize(_ status: RunStatus) throws { try trying { try $0.finalize(status) } }
  var emergencyFlush: (@Sendable () -> Void)? {
    let all = loggers.compactMap(\.emergencyFlush)
    guard !all.isEmpty else { return nil }
    return { for flush in all { flush() } }
  }
}

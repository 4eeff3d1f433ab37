internal import LevinTensor

/// What the loops provide to a module while they run it: counters, the metrics that `log` fills, the logger.
final class LoopContext {
  var state = LoopState()
  /// The current logger: a muted one during the sanity check.
  var logger: any Logger
  /// The metrics that `log` fills; nil if no loop is running.
  var metrics: MetricCollection?
  /// The sample count of the current batch.
  var batchSize = 1
  /// The first misuse of `log` since the hook began.
  private var failure: LoggingError?
  private var hook = Hook.setup
  private var call = 0

  init(logger: any Logger) { self.logger = logger }

  /// Notes which hook is called next.
  func enter(_ hook: Hook) {
    self.hook = hook
    call = 0
  }

  /// Throws the first misuse of `log`.
  func check() throws {
    guard let failure else { return }
    self.failure = nil
    throw failure
  }

  func log(
    _ name: String, _ value: Tensor, progressBar: Bool, logger: Bool, onStep: Bool?,
    onEpoch: Bool?, reduction: MetricReduction, batchSize: Int?
  ) {
    guard value.elementCount == 1 else {
      return fail(name, .notScalar(shape: "\(value.shape)"))
    }
    log(
      name, value.item(), progressBar: progressBar, logger: logger, onStep: onStep,
      onEpoch: onEpoch, reduction: reduction, batchSize: batchSize)
  }

  func log(
    _ name: String, _ value: Double, progressBar: Bool, logger: Bool, onStep: Bool?,
    onEpoch: Bool?, reduction: MetricReduction, batchSize: Int?
  ) {
    let rule = hook.logging
    guard let metrics, rule != .none else { return fail(name, .notAllowed) }
    let byStep = onStep ?? (rule == .step)
    let byEpoch = onEpoch ?? (rule != .step)
    guard byStep || byEpoch else { return fail(name, .neitherStepNorEpoch) }
    guard rule != .epoch || (!byStep && byEpoch) else { return fail(name, .epochOnly) }
    do {
      // Values of an epoch hook do not belong to a batch.
      let weight = batchSize ?? (rule == .epoch ? 1 : self.batchSize)
      try metrics.log(
        name, value, in: hook, call: &call, batchSize: weight,
        arguments: .init(
          progressBar: progressBar, logger: logger, onStep: byStep, onEpoch: byEpoch,
          reduction: reduction))
    } catch {
      failure = failure ?? error
    }
  }

  private func fail(_ name: String, _ problem: LoggingError.Problem) {
    failure = failure ?? LoggingError(name: name, hook: "\(hook)", problem: problem)
  }
}

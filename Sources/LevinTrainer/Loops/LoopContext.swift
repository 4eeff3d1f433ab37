internal import LevinMetrics
internal import LevinTensor

/// What the loops provide to a module while they run it: counters, the metrics that `log` fills, the logger.
final class LoopContext {
  var state = LoopState()
  /// The current loggers: none during the sanity check.
  var logger: LoggerCollection
  /// The metrics that `log` fills; nil if no loop is running.
  var metrics: LoggedMetrics?
  /// The sample count of the current batch.
  var batchSize = 1
  /// The loader of the current batch in an evaluation of several; nil otherwise.
  var loader: Int?
  /// What the steps of the current evaluation returned: for each loader, a value for each batch that had one.
  var outputs: [[Any]] = []
  /// Whether `log` does nothing, because the trainer is a bare one.
  var ignoresLog = false
  /// The first misuse of `log` since the hook began.
  private var failure: LoggingError?
  private var hook = HookName.setup
  private var call = 0

  init(logger: LoggerCollection) { self.logger = logger }

  /// Notes which hook is called next.
  func enter(_ hook: HookName) {
    self.hook = hook
    call = 0
  }

  /// Throws the first misuse of `log`.
  func check() throws {
    guard let failure else { return }
    self.failure = nil
    throw failure
  }

  /// The arguments of a call of `log`.
  struct Call {
    var progressBar: Bool
    var logger: Bool
    var onStep: Bool?
    var onEpoch: Bool?
    var reduction: MetricReduction
    var batchSize: Int?
    var addsLoaderIndex: Bool
  }

  func log(_ name: String, _ value: Tensor, _ call: Call) {
    guard value.elementCount == 1 else {
      return fail(name, .notScalar(shape: "\(value.shape)"))
    }
    log(name, .number(value.item()), call)
  }

  func log(_ name: String, _ value: LoggedValue, _ arguments: Call) {
    guard !ignoresLog else { return }
    let rule = hook.logging
    guard let metrics, rule != .none else { return fail(name, .notAllowed) }
    let byStep = arguments.onStep ?? (rule == .step)
    let byEpoch = arguments.onEpoch ?? (rule != .step)
    guard byStep || byEpoch else { return fail(name, .neitherStepNorEpoch) }
    guard rule != .epoch || (!byStep && byEpoch) else { return fail(name, .epochOnly) }
    do {
      // Values of an epoch hook do not belong to a batch.
      let isOfBatch = rule != .epoch
      try metrics.log(
        name, value, in: hook, loader: isOfBatch && arguments.addsLoaderIndex ? loader : nil,
        call: &call, batchSize: arguments.batchSize ?? (isOfBatch ? batchSize : 1),
        arguments: .init(
          progressBar: arguments.progressBar, logger: arguments.logger, onStep: byStep,
          onEpoch: byEpoch, reduction: arguments.reduction))
    } catch {
      failure = failure ?? error
    }
  }

  private func fail(_ name: String, _ problem: LoggingError.Problem) {
    failure = failure ?? LoggingError(name: name, hook: "\(hook)", problem: problem)
  }
}

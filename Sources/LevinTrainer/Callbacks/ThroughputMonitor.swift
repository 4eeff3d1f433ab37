public import LevinConfiguration
internal import LevinSystem

/// Logs how many batches and samples a stage gets through in a second.
///
/// At each step at which metrics are logged: `train/time`, `train/batches`, `train/samples`, and once a window is full
/// `train/device/batches_per_sec`, `train/device/samples_per_sec`; with ``lengths`` also `train/lengths` and
/// `train/device/items_per_sec`, with ``flops`` `train/device/flops_per_sec`. Validations, tests and predictions have `validate/`, `test/` and
/// `predict/`. Lightning needs the numbers of samples from a function; here the trainer knows them.
public final class ThroughputMonitor: TypedCallback<ThroughputMonitor.Options> {
  /// The options of ``ThroughputMonitor``.
  public struct Options: HyperparameterSet {
    /// The number of batches over which rates are measured.
    public var windowSize = 100

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws { try require("window_size", windowSize, atLeast: 2) }
    /// A sentence about each option.
    public static let help = ["window_size": "The batches over which rates are measured."]
  }

  /// The number of items in a batch, such as words or frames; nil: they are not counted.
  public let lengths: ((BatchContext) -> Int)?
  /// The number of floating-point operations for a batch, forward and backward; nil: they are not counted.
  public let flops: ((BatchContext) -> Double)?

  private struct Sample {
    var time = 0.0
    var batches = 0
    var samples = 0
    var lengths = 0
    var flops = 0.0
  }
  private struct Course {
    var start = Clock.uptime
    var total = Sample()
    var window: [Sample] = []
  }
  private var courses: [String: Course] = [:]

  /// Creates a callback.
  public init(
    _ options: Options = Options(), lengths: ((BatchContext) -> Int)? = nil,
    flops: ((BatchContext) -> Double)? = nil
  ) {
    (self.lengths, self.flops) = (lengths, flops)
    super.init(options)
  }

  private func update(_ stage: String, _ batch: BatchContext) -> Course {
    var course = courses[stage] ?? Course()
    course.total.time = Double(Clock.uptime &- course.start) / 1e9
    course.total.batches += 1
    course.total.samples += batch.sampleCount
    course.total.lengths += lengths?(batch) ?? 0
    course.total.flops += flops?(batch) ?? 0
    course.window.append(course.total)
    if course.window.count > options.windowSize { course.window.removeFirst() }
    courses[stage] = course
    return course
  }

  private func values(_ stage: String, _ course: Course) -> [(name: String, value: Double)] {
    let total = course.total
    var values = [
      ("time", total.time), ("batches", Double(total.batches)), ("samples", Double(total.samples)),
    ]
    if lengths != nil { values.append(("lengths", Double(total.lengths))) }
    if let first = course.window.first, course.window.count == options.windowSize {
      let seconds = total.time - first.time
      func rate(_ name: String, _ difference: Double) {
        values.append(("device/\(name)_per_sec", seconds > 0 ? difference / seconds : 0))
      }
      rate("batches", Double(total.batches - first.batches))
      rate("samples", Double(total.samples - first.samples))
      if lengths != nil { rate("items", Double(total.lengths - first.lengths)) }
      if flops != nil { rate("flops", total.flops - first.flops) }
    }
    return values.map { ("\(stage)/\($0.0)", $0.1) }
  }

  public override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    courses = ["train": Course()]
  }

  public override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    let course = update("train", batch)
    // In the middle of a window the step is still missing.
    guard trainer.logsThisStep else { return }
    trainer.log(values("train", course), step: trainer.lastStep)
  }

  public override func onValidationStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    if !trainer.isSanityChecking { courses["validate"] = Course() }
  }

  public override func onValidationBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    if !trainer.isSanityChecking { _ = update("validate", batch) }
  }

  /// The time of a validation does not count as time of the training.
  public override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    guard !trainer.isSanityChecking, let course = courses["validate"] else { return }
    trainer.log(values("validate", course), step: trainer.lastStep)
    courses["train"]?.start += Clock.uptime &- course.start
  }

  public override func onTestStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    courses["test"] = Course()
  }
  public override func onTestBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) { _ = update("test", batch) }
  public override func onTestEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    if let course = courses["test"] {
      trainer.log(values("test", course), step: trainer.lastStep)
    }
  }
  public override func onPredictStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    courses["predict"] = Course()
  }
  public override func onPredictBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) { _ = update("predict", batch) }
  public override func onPredictEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    if let course = courses["predict"] {
      trainer.log(values("predict", course), step: trainer.lastStep)
    }
  }
}

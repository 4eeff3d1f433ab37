internal import LevinMetrics
internal import LevinTensor

/// What `log` is given: a number, or a metric object that has already taken the batch.
enum LoggedValue {
  case number(Double)
  case object(any LoggableMetric)
}

/// What a module logged under one name in one hook.
struct LoggedMetric {
  /// The arguments of `log` that must be the same in every call.
  struct Arguments: Equatable {
    var progressBar: Bool
    var logger: Bool
    var onStep: Bool
    var onEpoch: Bool
    var reduction: MetricReduction
  }

  let name: String
  let hook: HookName
  /// The loader of an evaluation that it belongs to; nil if there is only one, or if it belongs to all.
  let loader: Int?
  let arguments: Arguments
  /// The names for loggers: `name_step` and `name_epoch` if both are logged; those of several loaders end with
  /// `/dataloader_idx_` and the loader's number.
  let stepName: String
  let epochName: String
  let bareName: String

  /// The last value since the epoch began.
  private(set) var stepValue: Double?
  /// The value of the last epoch that ended.
  private(set) var epochValue: Double?
  /// Whether ``epochValue`` is newer than ``stepValue``.
  private(set) var isEpochValueNewer = false
  /// The metric object that gives the value of the epoch.
  private(set) var object: (any LoggableMetric)?
  private var isOfObject = false
  /// The values of an object that has several, by their names.
  private var parts: [(name: String, value: Double)] = []
  private var sum = 0.0
  private var weight = 0.0

  private var stepCell: LiveMetrics.Cell?
  private var epochCell: LiveMetrics.Cell?

  init(_ name: String, hook: HookName, loader: Int?, arguments: Arguments) {
    self.name = name
    self.hook = hook
    self.loader = loader
    self.arguments = arguments
    let isForked = arguments.onStep && arguments.onEpoch
    let suffix = loader.map { "/dataloader_idx_\($0)" } ?? ""
    bareName = name + suffix
    stepName = (isForked ? name + "_step" : name) + suffix
    epochName = (isForked ? name + "_epoch" : name) + suffix
  }

  /// Whether a value may follow those that were logged before: numbers after numbers, or the same object.
  func fits(_ value: LoggedValue) -> Bool {
    switch value {
    case .number: !isOfObject
    case .object(let metric): isOfObject && (object == nil || object === metric)
    }
  }

  /// Takes in a value; `weight` only matters for the mean of numbers.
  mutating func add(_ value: LoggedValue, weight batchSize: Int, live: LiveMetrics) {
    switch value {
    case .number(let value):
      if arguments.onEpoch { accumulate(value, weight: Double(batchSize)) }
      if arguments.onStep { setStepValue(value, live: live) }
    case .object(let metric):
      (object, isOfObject) = (metric, true)
      weight += 1
      if arguments.onStep, let values = metric.batchValuesByName, let value = values[""],
        value.elementCount == 1
      {
        setStepValue(value.item(), live: live)
      }
    }
  }

  private mutating func accumulate(_ value: Double, weight batchSize: Double) {
    switch arguments.reduction {
    case .mean: sum += value * batchSize
    case .sum: sum += value
    case .min: sum = weight == 0 ? value : Self.lesser(sum, value)
    case .max: sum = weight == 0 ? value : -Self.lesser(-sum, -value)
    }
    weight += batchSize
  }

  private mutating func setStepValue(_ value: Double, live: LiveMetrics) {
    stepValue = value
    isEpochValueNewer = false
    if let stepCell {
      stepCell.store(value)
    } else {
      stepCell = live.cell(stepName, isForProgressBar: arguments.progressBar, value)
    }
  }

  /// Computes the value of the epoch that ends; keeps the old one if nothing was logged.
  mutating func endEpoch(live: LiveMetrics) throws(LoggingError) {
    guard arguments.onEpoch, weight > 0 else { return }
    if let object {
      parts = try object.valuesByName.sorted { $0.key < $1.key }.map {
        key, value throws(LoggingError) in
        guard value.elementCount == 1 else {
          throw LoggingError(
            name: name, hook: "\(hook)", problem: .notScalar(shape: "\(value.shape)"))
        }
        return (key, value.item())
      }
      guard parts.count == 1, parts[0].name.isEmpty else { return }
    }
    let value = isOfObject ? parts[0].value : arguments.reduction == .mean ? sum / weight : sum
    epochValue = value
    isEpochValueNewer = true
    if let epochCell {
      epochCell.store(value)
    } else {
      epochCell = live.cell(epochName, isForProgressBar: arguments.progressBar, value)
    }
  }

  /// The values of the last epoch under their names for loggers.
  var epochValues: [(name: String, value: Double)] {
    if let epochValue { return [(epochName, epochValue)] }
    return parts.map { ("\(epochName)/\($0.name)", $0.value) }
  }

  /// Whether something was logged since the epoch began.
  var hasEpochSum: Bool { weight > 0 }

  /// Clears the values of the epoch; ``epochValue`` remains readable.
  mutating func beginEpoch() {
    stepValue = nil
    sum = 0
    weight = 0
    object?.reset()
  }

  /// The smaller one; NaN if either is NaN.
  private static func lesser(_ a: Double, _ b: Double) -> Double {
    a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
  }
}

extension LoggedMetric {
  /// A metric as a checkpoint stores it; of a metric object, where the module keeps it.
  struct Saved: Codable {
    var name: String
    var hook: String
    var loader: Int?
    var progressBar: Bool
    var logger: Bool
    var onStep: Bool
    var onEpoch: Bool
    var reduction: String
    var stepValue: Double?
    var epochValue: Double?
    var isEpochValueNewer: Bool
    var sum: Double
    var weight: Double
    var object: String?
  }

  func saved(_ objects: MetricObjects) -> Saved {
    Saved(
      name: name, hook: "\(hook)", loader: loader, progressBar: arguments.progressBar,
      logger: arguments.logger, onStep: arguments.onStep, onEpoch: arguments.onEpoch,
      reduction: arguments.reduction.rawValue, stepValue: stepValue, epochValue: epochValue,
      isEpochValueNewer: isEpochValueNewer, sum: sum, weight: weight,
      object: object.flatMap { objects.path(of: $0) })
  }

  /// nil for a hook or reduction that this version does not know.
  init?(_ saved: Saved, _ objects: MetricObjects) {
    guard let hook = HookName.allCases.first(where: { "\($0)" == saved.hook }),
      let reduction = MetricReduction(rawValue: saved.reduction)
    else { return nil }
    self.init(
      saved.name, hook: hook, loader: saved.loader,
      arguments: Arguments(
        progressBar: saved.progressBar, logger: saved.logger, onStep: saved.onStep,
        onEpoch: saved.onEpoch, reduction: reduction))
    stepValue = saved.stepValue
    epochValue = saved.epochValue
    isEpochValueNewer = saved.isEpochValueNewer
    sum = saved.sum
    weight = saved.weight
    object = saved.object.flatMap { objects[$0] }
    isOfObject = object != nil
  }
}

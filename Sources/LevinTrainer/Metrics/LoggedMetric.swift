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
  let hook: Hook
  let arguments: Arguments
  /// The names for loggers: `name_step` and `name_epoch` if both are logged.
  let stepName: String
  let epochName: String

  /// The last value since the epoch began.
  private(set) var stepValue: Double?
  /// The value of the last epoch that ended.
  private(set) var epochValue: Double?
  /// Whether ``epochValue`` is newer than ``stepValue``.
  private(set) var isEpochValueNewer = false
  private var sum = 0.0
  private var weight = 0.0

  private var stepCell: LiveMetrics.Cell?
  private var epochCell: LiveMetrics.Cell?

  init(_ name: String, hook: Hook, arguments: Arguments) {
    self.name = name
    self.hook = hook
    self.arguments = arguments
    let isForked = arguments.onStep && arguments.onEpoch
    stepName = isForked ? name + "_step" : name
    epochName = isForked ? name + "_epoch" : name
  }

  /// Takes in a value; `weight` only matters for the mean.
  mutating func add(_ value: Double, weight batchSize: Int, live: LiveMetrics) {
    if arguments.onEpoch {
      switch arguments.reduction {
      case .mean: sum += value * Double(batchSize)
      case .sum: sum += value
      case .min: sum = weight == 0 ? value : Self.lesser(sum, value)
      case .max: sum = weight == 0 ? value : -Self.lesser(-sum, -value)
      }
      weight += Double(batchSize)
    }
    if arguments.onStep {
      stepValue = value
      isEpochValueNewer = false
      if let stepCell {
        stepCell.store(value)
      } else {
        stepCell = live.cell(stepName, isForProgressBar: arguments.progressBar, value)
      }
    }
  }

  /// Computes the value of the epoch that ends; keeps the old one if nothing was logged.
  mutating func endEpoch(live: LiveMetrics) {
    guard arguments.onEpoch, weight > 0 else { return }
    let value = arguments.reduction == .mean ? sum / weight : sum
    epochValue = value
    isEpochValueNewer = true
    if let epochCell {
      epochCell.store(value)
    } else {
      epochCell = live.cell(epochName, isForProgressBar: arguments.progressBar, value)
    }
  }

  /// Whether something was logged since the epoch began.
  var hasEpochSum: Bool { weight > 0 }

  /// Clears the values of the epoch; ``epochValue`` remains readable.
  mutating func beginEpoch() {
    stepValue = nil
    sum = 0
    weight = 0
  }

  /// The smaller one; NaN if either is NaN.
  private static func lesser(_ a: Double, _ b: Double) -> Double {
    a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
  }
}

extension LoggedMetric {
  /// A metric as a checkpoint stores it.
  struct Saved: Codable {
    var name: String
    var hook: String
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
  }

  var saved: Saved {
    Saved(
      name: name, hook: "\(hook)", progressBar: arguments.progressBar, logger: arguments.logger,
      onStep: arguments.onStep, onEpoch: arguments.onEpoch, reduction: arguments.reduction.rawValue,
      stepValue: stepValue, epochValue: epochValue, isEpochValueNewer: isEpochValueNewer, sum: sum,
      weight: weight)
  }

  /// nil for a hook or reduction that this version does not know.
  init?(_ saved: Saved) {
    guard let hook = Hook.allCases.first(where: { "\($0)" == saved.hook }),
      let reduction = MetricReduction(rawValue: saved.reduction)
    else { return nil }
    self.init(
      saved.name, hook: hook,
      arguments: Arguments(
        progressBar: saved.progressBar, logger: saved.logger, onStep: saved.onStep,
        onEpoch: saved.onEpoch, reduction: reduction))
    stepValue = saved.stepValue
    epochValue = saved.epochValue
    isEpochValueNewer = saved.isEpochValueNewer
    sum = saved.sum
    weight = saved.weight
  }
}

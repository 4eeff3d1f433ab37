public import LevinConfiguration
public import LevinTensor

/// Twice the intersection of masks over the sum of their sizes: the mean over samples, or the value for all pixels
/// together (Dice 1945; torchmetrics' `DiceScore`).
///
/// Predictions and targets are masks of 0 and 1 `[batch, classes, …]`, or classes `[batch, …]`. A sample without any
/// pixel of the classes that count is left out.
public final class DiceScore: Metric {
  public override var higherIsBetter: Bool? { true }

  /// The options of ``DiceScore``.
  public struct Options: HyperparameterSet {
    /// The number of classes, including the background (class 0).
    public var classCount = 0
    /// How the values of classes are combined: any but `samples`, since the value is a mean over samples anyway.
    public var average: Average?
    /// Whether class 0 counts.
    public var includeBackground = true
    /// Whether all samples are treated as one.
    public var isGlobal = false

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range.
    public func validate() throws {
      try require("class_count", classCount, atLeast: includeBackground ? 1 : 2)
      guard let average, average != .samples else {
        throw ConfigError(
          "average: found \(average?.rawValue ?? "no value"); expected one of micro, macro, weighted, none",
          key: "average")
      }
    }
    /// A sentence about each option.
    public static let help = [
      "class_count": "The number of classes, including the background, class 0.",
      "average": "How the values of classes are combined.",
      "include_background": "Whether class 0 counts.",
      "is_global": "Whether all samples are treated as one.",
    ]
  }

  /// The options.
  public let options: Options

  /// Traps if an argument is out of range.
  public convenience init(
    classCount: Int, average: Average, includeBackground: Bool = true, isGlobal: Bool = false
  ) {
    self.init(
      Options {
        $0.classCount = classCount
        $0.average = average
        $0.includeBackground = includeBackground
        $0.isGlobal = isGlobal
      })
  }

  /// Traps if an option is out of range.
  public init(_ options: Options) {
    self.options = options.checked(for: "DiceScore")
    let count = options.includeBackground ? options.classCount : options.classCount - 1
    let isGlobal = options.isGlobal
    super.init(
      ["intersection", "sizes", "support"].map { name in
        isGlobal ? .sum(name, of: [1, count], .float64) : .list(name, of: [count], .float64)
      })
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let counts = MaskCounts(
      predictions, targets, classes: options.classCount,
      includeBackground: options.includeBackground,
      for: "DiceScore")
    let states = [counts.intersection, counts.predicted + counts.wanted, counts.wanted]
    return options.isGlobal ? states.map { $0.sum(dimension: 0, keepDimension: true) } : states
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let (intersection, sizes, support) = (states[0] * 2, states[1], states[2])
    let scores: Tensor
    switch options.average {
    case .micro:
      scores = intersection.sum(dimension: -1) / sizes.sum(dimension: -1)
    case .macro: scores = (intersection / sizes).nanMean(dimensions: [-1])
    case .weighted:
      let dice = intersection / sizes
      let weights = support / support.sum(dimension: -1, keepDimension: true)
      let sum = (dice * weights).nanSum(dimensions: [-1])
      scores = sum.maskedFill(dice.isNaN().all(dimension: -1), with: Double.nan)
    default: return (intersection / sizes).nanMean(dimensions: [0]).to(.float32)
    }
    return scores.nanMean(dimensions: [0]).to(.float32)
  }
}

/// ``DiceScore`` of one batch.
public func diceScore(
  _ predictions: Tensor, _ targets: Tensor, classCount: Int, average: Average,
  includeBackground: Bool = true, isGlobal: Bool = false
) -> Tensor {
  DiceScore(
    classCount: classCount, average: average, includeBackground: includeBackground,
    isGlobal: isGlobal
  ).evaluate(predictions, targets)
}

internal import LevinSystem
public import LevinTensor

/// Twice the intersection of masks over the sum of their sizes: the mean over samples, or the value for all pixels
/// together (Dice 1945; torchmetrics' `DiceScore`).
///
/// Predictions and targets are masks of 0 and 1 `[batch, classes, …]`, or classes `[batch, …]`. A sample without any
/// pixel of the classes that count is left out.
public final class DiceScore: Metric {
  /// The number of classes, including the background (class 0).
  public let classCount: Int
  /// How the values of classes are combined.
  public let average: Average
  /// Whether class 0 counts.
  public let includeBackground: Bool
  /// Whether all samples are treated as one.
  public let isGlobal: Bool

  /// Traps for the average `samples`: the value is a mean over samples anyway.
  public init(
    classCount: Int, average: Average, includeBackground: Bool = true, isGlobal: Bool = false
  ) {
    if average == .samples {
      fail("DiceScore", "the average samples", expected: "micro, macro, weighted or none")
    }
    self.classCount = classCount
    self.average = average
    self.includeBackground = includeBackground
    self.isGlobal = isGlobal
    let count = includeBackground ? classCount : classCount - 1
    super.init(
      ["intersection", "sizes", "support"].map { name in
        isGlobal ? .sum(name, of: [1, count], .float64) : .list(name, of: [count], .float64)
      })
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let counts = MaskCounts(
      predictions, targets, classes: classCount, includeBackground: includeBackground,
      for: "DiceScore")
    let states = [counts.intersection, counts.predicted + counts.wanted, counts.wanted]
    return isGlobal ? states.map { $0.sum(dimension: 0, keepDimension: true) } : states
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let (intersection, sizes, support) = (states[0] * 2, states[1], states[2])
    let scores: Tensor
    switch average {
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

/// Intersection over union of masks, the mean over samples and classes (torchmetrics' `MeanIoU`).
///
/// Predictions and targets are masks of 0 and 1 `[batch, classes, …]`, or classes `[batch, …]`. For each sample,
/// classes that occur in neither of them are left out.
public final class MeanIoU: Metric {
  /// The number of classes, including the background (class 0).
  public let classCount: Int
  /// Whether class 0 counts.
  public let includeBackground: Bool
  /// Whether there is a value for each class.
  public let perClass: Bool

  /// Creates a metric that has not seen any data.
  public init(classCount: Int, includeBackground: Bool = true, perClass: Bool = false) {
    self.classCount = classCount
    self.includeBackground = includeBackground
    self.perClass = perClass
    let count = includeBackground ? classCount : classCount - 1
    super.init([
      .sum("score", of: perClass ? [count] : [], .float64),
      .sum("count", of: perClass ? [count] : [], .int64),
    ])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let counts = MaskCounts(
      predictions, targets, classes: classCount, includeBackground: includeBackground,
      for: "MeanIoU")
    let union = counts.predicted + counts.wanted - counts.intersection
    let isPresent = union .> 0
    let scores = (counts.intersection / union).maskedFill(union .== 0, with: 0)
    guard perClass else { return [scores.sum(), isPresent.sum()] }
    return [scores.sum(dimension: 0), isPresent.sum(dimension: 0)]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    (states[0] / states[1]).to(.float32)
  }
}

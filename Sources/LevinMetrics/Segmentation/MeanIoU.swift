public import LevinConfiguration
public import LevinTensor

/// Intersection over union of masks, the mean over samples and classes (torchmetrics' `MeanIoU`).
///
/// Predictions and targets are masks of 0 and 1 `[batch, classes, …]`, or classes `[batch, …]`. For each sample,
/// classes that occur in neither of them are left out.
public final class MeanIoU: Metric {
  public override var higherIsBetter: Bool? { true }

  /// The options of ``MeanIoU``.
  public struct Options: HyperparameterSet {
    /// The number of classes, including the background (class 0).
    public var classCount = 0
    /// Whether class 0 counts.
    public var includeBackground = true
    /// Whether there is a value for each class.
    public var perClass = false

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if there are too few classes.
    public func validate() throws {
      try require("class_count", classCount, atLeast: includeBackground ? 1 : 2)
    }
    /// A sentence about each option.
    public static let help = [
      "class_count": "The number of classes, including the background, class 0.",
      "include_background": "Whether class 0 counts.",
      "per_class": "Whether there is a value for each class.",
    ]
  }

  /// The options.
  public let options: Options

  /// Traps if there are too few classes.
  public convenience init(classCount: Int, includeBackground: Bool = true, perClass: Bool = false) {
    self.init(
      Options {
        $0.classCount = classCount
        $0.includeBackground = includeBackground
        $0.perClass = perClass
      })
  }

  /// Traps if there are too few classes.
  public init(_ options: Options) {
    self.options = options.checked(for: "MeanIoU")
    let count = options.includeBackground ? options.classCount : options.classCount - 1
    let perClass = options.perClass
    super.init([
      .sum("score", of: perClass ? [count] : [], .float64),
      .sum("count", of: perClass ? [count] : [], .int64),
    ])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let counts = MaskCounts(
      predictions, targets, classes: options.classCount,
      includeBackground: options.includeBackground,
      for: "MeanIoU")
    let union = counts.predicted + counts.wanted - counts.intersection
    let isPresent = union .> 0
    let scores = (counts.intersection / union).maskedFill(union .== 0, with: 0)
    guard options.perClass else { return [scores.sum(), isPresent.sum()] }
    return [scores.sum(dimension: 0), isPresent.sum(dimension: 0)]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    (states[0] / states[1]).to(.float32)
  }
}

/// ``MeanIoU`` of one batch.
public func meanIoU(
  _ predictions: Tensor, _ targets: Tensor, classCount: Int, includeBackground: Bool = true,
  perClass: Bool = false
) -> Tensor {
  MeanIoU(classCount: classCount, includeBackground: includeBackground, perClass: perClass)
    .evaluate(predictions, targets)
}

internal import LevinConfiguration
public import LevinTensor

/// How often each class (columns) was predicted for each target (rows) (torchmetrics' `ConfusionMatrix`).
///
/// The value is `[classes, classes]`, or `[labels, 2, 2]` for labels; it is int64, or float32 if it is normalized.
public final class ConfusionMatrix: MatrixMetric, PlottedMetric {
  /// What the numbers are fractions of.
  public enum Normalization: String, Sendable, Codable, CaseIterable {
    case none, `true`, pred, all
  }

  /// The options of ``ConfusionMatrix``.
  public struct Options: TaskOptions {
    /// The kind of prediction.
    public var task = ClassificationTask.Kind.binary
    /// The number of classes or labels; a binary task needs none.
    public var classCount = 0
    /// What the numbers are fractions of.
    public var normalize = Normalization.none
    /// The threshold above which scores of a binary or multilabel task count as 1.
    public var threshold = 0.5
    /// The target value that does not count.
    public var ignoreIndex: Int?

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range.
    public func validate() throws {
      try MatrixMetric.Options(fullTask, threshold, ignoreIndex).validate()
    }
    /// A sentence about each option.
    public static let help = MetricHelp.task([
      "threshold": "",
      "normalize": "What the numbers are fractions of: of each target, each prediction, or all.",
    ])
  }

  /// The options.
  public let options: Options

  /// Traps if an option is out of range.
  public init(_ options: Options) {
    self.options = options
    super.init(.init(options.fullTask, options.threshold, options.ignoreIndex))
  }

  /// Traps if an argument is out of range.
  public convenience init(
    _ task: ClassificationTask, normalize: Normalization = .none, threshold: Double = 0.5,
    ignoreIndex: Int? = nil
  ) {
    self.init(
      Options(task, ignoring: ignoreIndex) {
        ($0.normalize, $0.threshold) = (normalize, threshold)
      })
  }

  /// The numbers in cells, targets from the top, predictions from the left; one drawing for each label.
  public func plots(labels: [String]? = nil) -> [MetricPlot] {
    let value = compute().to(.float64)
    func plot(_ matrix: Tensor, _ names: [String], title: String) -> MetricPlot {
      let (numbers, width) = (matrix.scalars(as: Double.self), names.count)
      let rows = names.indices.map { Array(numbers[$0 * width..<($0 + 1) * width]) }
      return MetricPlot(
        content: .cells(rows, rows: names, columns: names), title: title,
        xLabel: "Predicted class", yLabel: "True class")
    }
    let names = MetricPlot.names(labels, count: value.shape[0], of: self)
    guard task.kind == .multilabel else { return [plot(value, names, title: "ConfusionMatrix")] }
    return names.indices.map {
      plot(value[$0].contiguous(), ["0", "1"], title: "Label \(names[$0])")
    }
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let matrix = states[0]
    let numbers = matrix.to(.float64)
    let parts: Tensor
    switch options.normalize {
    case .none: return matrix
    case .true: parts = numbers / numbers.sum(dimension: -1, keepDimension: true)
    case .pred: parts = numbers / numbers.sum(dimension: -2, keepDimension: true)
    case .all: parts = numbers / numbers.sum(dimensions: [-2, -1], keepDimension: true)
    }
    warnOfAbsentClasses(parts.isNaN())
    return parts.maskedFill(parts.isNaN(), with: 0).to(.float32)
  }

  /// The fractions of a class that is never a target (or never predicted) are 0/0.
  private func warnOfAbsentClasses(_ areUndefined: Tensor) {
    let ofClasses = areUndefined.any(dimension: options.normalize == .pred ? -2 : -1)
    let places = ofClasses.nonzero()
    guard places.shape[0] > 0 else { return }
    let names = (0..<places.shape[0]).map { index in
      let place = places[index].scalars(as: Int64.self)
      return place.count == 1 ? "class \(place[0])" : "label \(place[0]), class \(place[1])"
    }
    let what =
      switch options.normalize {
      case .pred: "predictions"
      case .true: "targets"
      case .none, .all: "samples"
      }
    MetricWarning.tell(
      "ConfusionMatrix: no \(what) of \(names.joined(separator: "; ")), whose fractions are 0")
  }
}

/// ``ConfusionMatrix`` of one batch.
public func confusionMatrix(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask,
  normalize: ConfusionMatrix.Normalization = .none, threshold: Double = 0.5,
  ignoreIndex: Int? = nil
) -> Tensor {
  ConfusionMatrix(task, normalize: normalize, threshold: threshold, ignoreIndex: ignoreIndex)
    .evaluate(predictions, targets)
}

public import LevinConfiguration
public import LevinTensor

/// The area under the curve of ``ROC``: the probability that a target has a higher score than another sample
/// (torchmetrics' `AUROC`).
///
/// For a class without targets, or with nothing but targets, it is 0, with a warning that names the class. There is no
/// micro average of classes. The average over samples is scikit-learn's: NaN if a row has no targets, or nothing else.
public final class AUROC: CurveMetric {
  public override var higherIsBetter: Bool? { true }

  /// The options of ``AUROC``: those of all metrics of curves, and the limit, as fields of one set.
  public struct Options: HyperparameterSet {
    /// How the curves are made.
    public var curve = CurveMetric.Options()
    /// The false positive rate up to which the area counts, above 0 to 1 (binary tasks; torchmetrics' `max_fpr`); nil: all
    /// of it.
    public var maxFalsePositiveRate: Double?

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range, or does not fit the task.
    public func validate() throws {
      try curve.validate()
      try curve.requireAverage()
      guard let limit = maxFalsePositiveRate else { return }
      guard curve.task == .binary, limit > 0, limit <= 1 else {
        throw ConfigError(
          "max_false_positive_rate: found \(limit); expected a number above 0, at most 1, for a binary task",
          key: "max_false_positive_rate")
      }
    }
    /// A sentence about each option.
    public static let help = CurveMetric.Options.help.merging([
      "max_false_positive_rate":
        "The false positive rate up to which the area counts, in a binary task; null: all of it."
    ]) { $1 }
  }

  /// The false positive rate up to which the area counts; nil: all of it.
  public let maxFPR: Double?

  /// Traps if an option is out of range, or does not fit the task.
  public init(_ options: Options) {
    maxFPR = options.checked(for: "AUROC").maxFalsePositiveRate
    super.init(options.curve)
  }

  /// Traps if an argument is out of range, or does not fit the task.
  public convenience init(
    _ task: AveragedTask, thresholds: [Double]? = nil, maxFPR: Double? = nil,
    normalization: Normalization = .automatic, ignoreIndex: Int? = nil
  ) {
    self.init(
      Options {
        $0.curve = .init(
          task, thresholds: thresholds, normalization: normalization, ignoreIndex: ignoreIndex)
        $0.maxFalsePositiveRate = maxFPR
      })
  }

  public override func value(of states: [Tensor]) -> Tensor {
    if let maxFPR {
      return Tensor(Float(curve(points(states)[0], owner: name).area(upTo: maxFPR)))
    }
    guard thresholds == nil else {
      let points = averagedPoints(states)
      return combined(points.map(\.area), points.map(\.positives))
    }
    let rocs = averagedScores(states).map(\.rocArea)
    let areas = rocs.enumerated().map { index, roc in
      if options.average == .samples, roc.targets == 0 || roc.others == 0 { return Double.nan }
      warnIfUndefined(targets: roc.targets, others: roc.others, owner: owner(index))
      return roc.area
    }
    return combined(areas, rocs.map(\.targets))
  }
}

extension AUROC.Options {
  private enum CodingKeys: CodingKey { case maxFalsePositiveRate }

  /// Decodes all options from one object.
  public init(from decoder: any Decoder) throws {
    curve = try .init(from: decoder)
    maxFalsePositiveRate = try decoder.container(keyedBy: CodingKeys.self)
      .decodeIfPresent(Double.self, forKey: .maxFalsePositiveRate)
  }

  /// Encodes all options into one object.
  public func encode(to encoder: any Encoder) throws {
    try curve.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(maxFalsePositiveRate, forKey: .maxFalsePositiveRate)
  }
}

/// ``AUROC`` of one batch.
public func auroc(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, thresholds: [Double]? = nil,
  maxFPR: Double? = nil, normalization: CurveMetric.Normalization = .automatic,
  ignoreIndex: Int? = nil
) -> Tensor {
  AUROC(
    task, thresholds: thresholds, maxFPR: maxFPR, normalization: normalization,
    ignoreIndex: ignoreIndex
  ).evaluate(predictions, targets)
}

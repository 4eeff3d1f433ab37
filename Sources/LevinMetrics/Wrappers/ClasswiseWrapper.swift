internal import LevinSystem
public import LevinTensor

/// The value of each class of a metric as a number of its own, named after the class (torchmetrics'
/// `ClasswiseWrapper`).
///
///     let recall = ClasswiseWrapper(Recall(.multiclass(2, average: .none)), labels: ["cat", "dog"])
///     recall.update(predictions, targets)
///     recall.compute()  // ["recall_cat": 0.5, "recall_dog": 1]
public final class ClasswiseWrapper: LoggableMetric {
  /// The metric, whose value has one number for each class.
  public let metric: Metric
  /// The names of the classes; nil: their numbers.
  public let labels: [String]?
  /// What stands before a class in a name.
  public let prefix: String
  /// What stands after a class in a name.
  public let postfix: String

  /// Without a prefix and a postfix, the prefix is the metric's name in lower case and an underscore.
  public init(
    _ metric: Metric, labels: [String]? = nil, prefix: String? = nil, postfix: String? = nil
  ) {
    (self.metric, self.labels) = (metric, labels)
    let isPlain = prefix == nil && postfix == nil
    self.prefix = isPlain ? "\(type(of: metric))".lowercased() + "_" : prefix ?? ""
    self.postfix = postfix ?? ""
  }

  /// The number of batches since the last reset.
  public var updateCount: Int { metric.updateCount }

  /// Takes a batch.
  public func update(_ predictions: Tensor, _ targets: Tensor) {
    metric.update(predictions, targets)
  }

  /// Takes a batch, and returns the values of this batch alone, by the names of classes.
  ///
  /// Traps unless there is one label for each value.
  @discardableResult
  public func callAsFunction(_ predictions: Tensor, _ targets: Tensor) -> [String: Tensor] {
    named(metric(predictions, targets))
  }

  /// The values over all batches since the last reset, by the names of classes.
  ///
  /// Traps unless there is one label for each value.
  public func compute() -> [String: Tensor] { named(metric.compute()) }

  private func named(_ values: Tensor) -> [String: Tensor] {
    let names = labels ?? (0..<values.elementCount).map { "\($0)" }
    guard values.rank == 1, names.count == values.elementCount else {
      fail(
        "ClasswiseWrapper", "\(names.count) labels for values of shape \(values.shape)",
        expected: "one a value", hint: "the average of the metric is to be none")
    }
    return Dictionary(
      uniqueKeysWithValues: names.enumerated().map { (prefix + $1 + postfix, values[$0]) })
  }

  /// What ``compute()`` returns.
  public var valuesByName: [String: Tensor] { compute() }

  /// The values of the last batch, if it came by a call.
  public var batchValuesByName: [String: Tensor]? { metric.batchValue.map(named) }

  /// Forgets all batches.
  public func reset() { metric.reset() }

  /// What the metric says.
  public func higherIsBetter(_ name: String) -> Bool? { metric.higherIsBetter }

  /// The metric's state.
  public var state: [String: Tensor] { metric.state }

  /// Restores what ``state`` returned; throws ``MetricStateError`` and changes nothing if it does not match.
  public func loadState(_ state: [String: Tensor]) throws { try metric.loadState(state) }
}

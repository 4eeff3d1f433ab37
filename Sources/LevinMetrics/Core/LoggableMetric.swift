public import LevinTensor

/// What accumulates batches into one or several values: a ``Metric``, a ``MetricCollection`` or a wrapper of metrics.
///
/// A training logs the values, resets the object for the next epoch, and saves its state in checkpoints.
public protocol LoggableMetric: AnyObject {
  /// The number of batches since the last reset.
  var updateCount: Int { get }
  /// The values over all batches since the last reset, by name; a metric with one value has the name "".
  var valuesByName: [String: Tensor] { get }
  /// The values of the last batch alone, by name; nil if nothing computed them.
  var batchValuesByName: [String: Tensor]? { get }
  /// Whether greater numbers are better among the values with a name; nil if it is not known.
  func higherIsBetter(_ name: String) -> Bool?
  /// Forgets all batches.
  func reset()
  /// All that is needed to go on later, bit for bit.
  var state: [String: Tensor] { get }
  /// Restores what ``state`` returned; throws ``MetricStateError`` and changes nothing if it does not match.
  func loadState(_ state: [String: Tensor]) throws
}

extension LoggableMetric {
  /// Nil.
  public func higherIsBetter(_ name: String) -> Bool? { nil }
}

extension Metric: LoggableMetric {
  /// ``higherIsBetter``, for every name.
  public final func higherIsBetter(_ name: String) -> Bool? { higherIsBetter }
  /// The value of ``compute()`` with the name "".
  public final var valuesByName: [String: Tensor] { ["": compute()] }
  /// ``batchValue`` with the name "".
  public final var batchValuesByName: [String: Tensor]? { batchValue.map { ["": $0] } }
}

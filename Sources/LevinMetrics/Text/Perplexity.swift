public import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// The number of words that a language model hesitates between: e to the power of its mean cross-entropy (torchmetrics'
/// `Perplexity`).
///
/// Predictions are logits `[batch, length, words]`, targets `[batch, length]`.
public final class Perplexity: Metric {
  public override var higherIsBetter: Bool? { false }

  /// The options of ``Perplexity``.
  public struct Options: HyperparameterSet {
    /// The target value that does not count, such as padding.
    public var ignoreIndex: Int?

    /// Creates options with their defaults.
    public init() {}
    /// A sentence about each option.
    public static let help = ["ignore_index": MetricHelp.ignoreIndex]
  }

  /// The options.
  public let options: Options

  /// Creates a metric that has not seen any data.
  public convenience init(ignoreIndex: Int? = nil) {
    var options = Options()
    options.ignoreIndex = ignoreIndex
    self.init(options)
  }

  /// Creates a metric that has not seen any data.
  public init(_ options: Options) {
    self.options = options
    super.init([.sum("log_probabilities", of: [], .float64), .sum("count", of: [], .int64)])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    guard predictions.rank == 3, Shape(Array(predictions.shape).dropLast()) == targets.shape else {
      fail(
        "Perplexity", "predictions \(predictions.shape) and targets \(targets.shape)",
        expected: "[batch, length, words] and [batch, length]")
    }
    let words = predictions.shape[2]
    var scores = predictions.to(.float64).reshaped(to: [-1, words])
    var labels = targets.to(.int64).reshaped(to: [-1])
    ClassificationChecks.labels(
      labels, below: words, "target", ignoring: options.ignoreIndex, for: "Perplexity")
    if let ignoreIndex = options.ignoreIndex {
      let kept = (labels .!= ignoreIndex).nonzero().reshaped(to: [-1])
      (scores, labels) = (scores.indexSelected(0, kept), labels.indexSelected(0, kept))
    }
    let chosen = scores.softmax(dimension: 1).gathered(1, labels.unsqueezed(1))
    return [-chosen.log().sum(), Tensor(Int64(labels.elementCount))]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    (states[0] / states[1]).exp().to(.float32)
  }
}

/// ``Perplexity`` of one batch.
public func perplexity(_ predictions: Tensor, _ targets: Tensor, ignoreIndex: Int? = nil) -> Tensor
{
  Perplexity(ignoreIndex: ignoreIndex).evaluate(predictions, targets)
}

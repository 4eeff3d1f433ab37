internal import LevinSystem
public import LevinTensor

/// How much a metric's value depends on which samples happened to be drawn: its distribution over samples that are drawn
/// again, with replacement (Efron 1979; torchmetrics' `BootStrapper`).
///
/// Each batch is drawn again for each of the values, along the first dimension.
public final class Bootstrapper: LoggableMetric {
  /// How a batch is drawn again.
  public enum Sampling: String, Sendable, Codable, CaseIterable {
    /// Each sample counts as often as a Poisson distribution with a mean of 1 says.
    case poisson
    /// As many samples as there are, each of them any.
    case multinomial
  }

  /// The distribution of a metric's value.
  public struct Estimate {
    /// The mean of the values.
    public let mean: Tensor
    /// Their standard deviation, with one degree of freedom less.
    public let standardDeviation: Tensor
    /// Their quantiles, along the first dimension; those that the bootstrapper was asked for.
    public let quantiles: Tensor
    /// All values, along the first dimension.
    public let values: Tensor
  }

  /// The metric that computes the values; its own states do not change.
  public let metric: Metric
  /// The quantiles that are computed, each from 0 to 1.
  public let quantiles: [Double]
  /// How a batch is drawn again.
  public let sampling: Sampling
  private let generator: Generator
  /// Whether the generator belongs to this wrapper, whose state then has its state.
  private let ownsGenerator: Bool
  private var resamples: [AccumulatedStates]
  private let none: AccumulatedStates
  /// The number of batches since the last reset.
  public private(set) var updateCount = 0

  /// Creates a wrapper that draws each batch `count` times; `generator` is by default ``Generator/default``.
  ///
  /// Traps unless there are two or more values, and quantiles are from 0 to 1.
  public init(
    _ metric: Metric, count: Int = 10, quantiles: [Double] = [], sampling: Sampling = .poisson,
    generator: Generator? = nil
  ) {
    guard count > 1 else { fail("Bootstrapper", "\(count) values", expected: "2 or more") }
    guard quantiles.allSatisfy({ (0...1).contains($0) }) else {
      fail("Bootstrapper", "quantiles \(quantiles)", expected: "numbers from 0 to 1")
    }
    (self.metric, self.quantiles, self.sampling) = (metric, quantiles, sampling)
    (self.generator, ownsGenerator) = (generator ?? .default, generator != nil)
    none = AccumulatedStates(metric.kept)
    resamples = [AccumulatedStates](repeating: none, count: count)
  }

  /// Takes a batch.
  public func update(_ predictions: Tensor, _ targets: Tensor) {
    for index in resamples.indices {
      let rows = draw(predictions.shape[0])
      guard rows.elementCount > 0 else { continue }
      let batch = metric.measuring(
        predictions.indexSelected(0, rows), targets.indexSelected(0, rows))
      resamples[index].add(batch, owner: "Bootstrapper")
    }
    updateCount += 1
  }

  /// The rows of a batch, drawn again.
  private func draw(_ count: Int) -> Tensor {
    switch sampling {
    case .multinomial:
      return Tensor.ones([count]).multinomial(count, replacement: true, generator: generator)
    case .poisson:
      let rows = (0..<count).flatMap { row in
        [Int64](repeating: Int64(row), count: generator.poissonOfOne())
      }
      return Tensor(rows)
    }
  }

  /// The distribution of the value over all batches since the last reset.
  public func compute() -> Estimate {
    let values = Tensor.stacked(resamples.map { metric.value(of: $0.tensors) })
    return Estimate(
      mean: values.mean(dimension: 0), standardDeviation: values.standardDeviation(dimension: 0),
      quantiles: quantiles.isEmpty
        ? .zeros(Shape([0] + Array(values.shape.dropFirst())))
        : values.quantile(Tensor(quantiles.map { Float($0) }), dimension: 0),
      values: values)
  }

  /// `mean`, `std`, and a value such as `quantile_0.95` for each quantile.
  public var valuesByName: [String: Tensor] {
    let estimate = compute()
    var result = ["mean": estimate.mean, "std": estimate.standardDeviation]
    for (index, quantile) in quantiles.enumerated() {
      result["quantile_\(quantile)"] = estimate.quantiles[index]
    }
    return result
  }

  /// Always nil: there is no distribution of one batch.
  public var batchValuesByName: [String: Tensor]? { nil }

  /// Forgets all batches.
  public func reset() {
    resamples = resamples.map { _ in none }
    updateCount = 0
  }

  /// The states of all values, and the state of a generator that was given; ``Generator/default`` is saved by the
  /// training.
  public var state: [String: Tensor] {
    var result = ["update_count": Tensor(Int64(updateCount))]
    if ownsGenerator { result["generator"] = Tensor(generator.state) }
    for (index, states) in resamples.enumerated() {
      result.merge(states.saved.prefixed("\(index)")) { first, _ in first }
    }
    return result
  }

  /// Restores what ``state`` returned; throws ``MetricStateError`` and changes nothing if it does not match.
  public func loadState(_ state: [String: Tensor]) throws {
    let saved = SavedMetric(state, owner: "Bootstrapper")
    let count = try saved.count("update_count")
    try saved.expectOnly(
      ["update_count"] + (ownsGenerator ? ["generator"] : []),
      parts: resamples.indices.map { "\($0)" })
    let loaded = try resamples.indices.map {
      try none.loading(saved.part("\($0)"), owner: "Bootstrapper")
    }
    if ownsGenerator {
      let bytes = Tensor.zeros([0], dtype: .uint8, device: .cpu)
      let words = try saved.tensor("generator", like: bytes, isList: true)
      do { try generator.restore(words.scalars(as: UInt8.self)) } catch {
        throw MetricStateError(description: "the state of Bootstrapper: \(error)")
      }
    }
    (resamples, updateCount) = (loaded, count)
  }
}

extension Generator {
  /// A number from the Poisson distribution with a mean of 1, by products of uniform numbers (Knuth 1969, 3.4.1), from
  /// the same numbers as PyTorch's.
  fileprivate func poissonOfOne() -> Int {
    let limit = 0.36787944117144233  // 1 / e
    var (count, product) = (0, uniformDouble())
    while product > limit {
      count += 1
      product *= uniformDouble()
    }
    return count
  }
}

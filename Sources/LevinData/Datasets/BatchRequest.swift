internal import LevinSystem
internal import LevinTensor

/// A loader's request for a batch.
public struct BatchRequest: Sendable {
  /// The samples of the whole pass, in order.
  public let order: [Int]
  /// The part of ``order`` that makes up the batch.
  public let range: Range<Int>
  /// The seed of random augmentation, different in every pass.
  public let seed: UInt64
  /// Where random augmentation draws from.
  public let draws: RandomDraws

  /// Creates a request; traps unless `range` lies in `order`.
  public init(
    order: [Int], range: Range<Int>, seed: UInt64 = 0, draws: RandomDraws = .perSample
  ) {
    guard range.lowerBound >= 0, range.upperBound <= order.count else {
      fail("BatchRequest", "range \(range)", expected: "a part of 0..<\(order.count)")
    }
    self.order = order
    self.range = range
    self.seed = seed
    self.draws = draws
  }

  /// Creates a request for these samples only.
  public init(_ indices: ArraySlice<Int>, seed: UInt64 = 0, draws: RandomDraws = .perSample) {
    self.init(order: Array(indices), range: 0..<indices.count, seed: seed, draws: draws)
  }

  /// The samples of the batch.
  public var indices: ArraySlice<Int> { order[range] }
  /// The random numbers of sample `index`.
  public func random(forSample index: Int) -> SampleGenerator {
    switch draws {
    case .perSample: SampleGenerator(seed: seed, sample: index)
    case .torch: SampleGenerator(drawingFrom: .default)
    }
  }
  /// The samples of the batch and all that follow in the pass, so that a dataset may prefetch them from slow storage.
  public var upcoming: ArraySlice<Int> { order[range.lowerBound...] }
}

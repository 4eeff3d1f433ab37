internal import LevinSystem
public import LevinTensor

/// The samples of another sampler in groups (torch's `BatchSampler`).
public struct BatchSampler: Sampler {
  /// Where the samples come from.
  public let sampler: any Sampler<Int>
  /// The number of samples in a batch.
  public let batchSize: Int
  /// Whether a short last batch is left out.
  public let dropLast: Bool

  /// - Parameter batchSize: At least 1; traps otherwise.
  public init(_ sampler: any Sampler<Int>, batchSize: Int, dropLast: Bool = false) {
    guard batchSize > 0 else {
      fail("BatchSampler", "batch size \(batchSize)", expected: "at least 1")
    }
    self.sampler = sampler
    self.batchSize = batchSize
    self.dropLast = dropLast
  }

  /// The number of batches in a pass.
  public var count: Int {
    let (whole, rest) = sampler.count.quotientAndRemainder(dividingBy: batchSize)
    return dropLast || rest == 0 ? whole : whole + 1
  }

  /// The generator of ``sampler``.
  public var generator: LevinTensor.Generator? { sampler.generator }
  /// Whether ``sampler`` shuffles.
  public var shuffles: Bool { sampler.shuffles }
  /// As ``sampler``.
  public var drawsFromNewGenerator: Bool { sampler.drawsFromNewGenerator }

  /// The batches of a pass.
  public func order(drawingFrom generator: LevinTensor.Generator) -> [[Int]] {
    let samples = sampler.order(drawingFrom: generator)
    return (0..<count).map { batch in
      let start = batch * batchSize
      return Array(samples[start..<min(start + min(batchSize, samples.count), samples.count)])
    }
  }

  /// Draws what ``sampler`` draws at the end.
  public func finish(drawingFrom generator: LevinTensor.Generator) {
    sampler.finish(drawingFrom: generator)
  }
  /// Passes the epoch on to ``sampler``.
  public func setEpoch(_ epoch: Int) { sampler.setEpoch(epoch) }
}

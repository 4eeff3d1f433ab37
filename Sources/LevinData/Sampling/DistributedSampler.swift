internal import LevinSystem
public import LevinTensor

/// The share of one of several processes (torch's `DistributedSampler`).
///
/// All processes draw the same permutation, from the seed and the epoch; each takes every `replicaCount`-th sample of
/// it. So that all have the same number, the first samples come twice, or the last are left out. As in PyTorch, each epoch
/// has the order of the first unless ``setEpoch(_:)`` is called before it.
public final class DistributedSampler: Sampler {
  /// The number of samples in the dataset.
  public let sampleCount: Int
  /// The number of processes.
  public let replicaCount: Int
  /// Which of them this is, 0..<``replicaCount``.
  public let rank: Int
  /// Whether every epoch has a new order.
  public let shuffles: Bool
  /// The seed of the order, the same in all processes.
  public let seed: UInt64
  /// Whether samples are left out instead of repeated.
  public let dropLast: Bool
  /// The epoch of the next pass.
  public private(set) var epoch = 0

  /// Traps unless `rank` is one of `0..<replicaCount`.
  public init(
    sampleCount: Int, replicaCount: Int, rank: Int, shuffle: Bool = true, seed: UInt64 = 0,
    dropLast: Bool = false
  ) {
    guard sampleCount >= 0, replicaCount > 0, (0..<replicaCount).contains(rank) else {
      fail(
        "DistributedSampler", "rank \(rank) of \(replicaCount)",
        expected: "at least 1 process, and one of them")
    }
    self.sampleCount = sampleCount
    self.replicaCount = replicaCount
    self.rank = rank
    self.shuffles = shuffle
    self.seed = seed
    self.dropLast = dropLast
  }

  /// The number of this process's samples, the same in all of them.
  public var count: Int {
    dropLast ? sampleCount / replicaCount : (sampleCount + replicaCount - 1) / replicaCount
  }

  /// Sets the epoch, on which the order depends.
  public func setEpoch(_ epoch: Int) { self.epoch = epoch }

  /// This process's samples; draws nothing from `generator`.
  public func order(drawingFrom generator: LevinTensor.Generator) -> [Int] {
    let all =
      shuffles
      ? LevinTensor.Generator(seed: seed &+ UInt64(bitPattern: Int64(epoch)))
        .permutation(sampleCount)
      : Array(0..<sampleCount)
    return (0..<count).map { all[($0 * replicaCount + rank) % sampleCount] }
  }
}

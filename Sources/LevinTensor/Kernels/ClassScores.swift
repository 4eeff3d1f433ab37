internal import CLevinKernels
internal import LevinSystem

/// The scores of one class and whether it was the target, which are sorted in the host's memory.
package struct ClassScores {
  private let scores: Tensor
  private let targets: Tensor
  private let column: Int
  private let positive: Int
  private let ignored: Int?

  /// The scores in a column of `[rows, classes]`, float32, with targets `[rows]` or `[rows, classes]`, int64.
  ///
  /// - Parameter positive: The target of the class.
  /// - Parameter ignored: The target of scores that do not count.
  package init(
    _ scores: Tensor, _ targets: Tensor, column: Int, positive: Int, ignoring ignored: Int?
  ) {
    (self.scores, self.targets) = (scores.onHost(), targets.onHost())
    (self.column, self.positive, self.ignored) = (column, positive, ignored)
  }

  private func withC<Result>(_ body: (UnsafePointer<LevinScores>) -> Result) -> Result {
    let (step, targetStep) = (scores.shape[1], targets.rank == 1 ? 1 : targets.shape[1])
    var c = LevinScores(
      count: scores.shape[0], scores: scores.elements(Float.self) + column, step: step,
      targets: targets.elements(Int64.self) + (targets.rank == 1 ? 0 : column),
      targetStep: targetStep, positive: Int64(positive), ignores: ignored != nil,
      ignored: Int64(ignored ?? 0))
    return withExtendedLifetime(self) { body(&c) }
  }

  /// A distinct score, and the numbers of targets and of others with scores that are at least as high.
  package struct Rank {
    /// The score.
    package let score: Float
    /// The number of targets.
    package let targets: Int
    /// The number of others.
    package let others: Int
  }

  /// Calls `body` with the keys of the scores that count, in ascending order.
  private func withSortedKeys<Result>(_ body: (UnsafePointer<UInt64>, Int) -> Result) -> Result {
    let count = scores.shape[0]
    guard count <= Int(UInt32.max) else {
      fail("a curve", "\(count) scores", expected: "at most \(UInt32.max)")
    }
    let room = Tensor(uninitialized: [2, count], .int64)
    return withExtendedLifetime(room) {
      let keys = room.address.assumingMemoryBound(to: UInt64.self)
      let kept = withC { levin_rank_scores($0, keys, keys + count) }
      return body(keys, kept)
    }
  }

  /// The distinct scores, from the highest; they are sorted once.
  package var ranks: [Rank] {
    withSortedKeys { keys, count in
      var ranks: [Rank] = []
      ranks.reserveCapacity(count)
      var (hits, misses) = (0, 0)
      for index in (0..<count).reversed() {
        let key = keys[index]
        hits += Int(key & 1)
        misses += Int(~key & 1)
        if index > 0, keys[index - 1] >> 1 == key >> 1 { continue }
        ranks.append(Rank(score: levin_score_of_key(key), targets: hits, others: misses))
      }
      return ranks
    }
  }

  /// The numbers of targets and of others, and the area under their ROC by the trapezoidal rule, in integers; 0 without
  /// targets or without others.
  package var rocArea: (targets: Int, others: Int, area: Double) {
    let roc = withSortedKeys { levin_roc_area($1, $0) }
    let (targets, others) = (Int(roc.targets), Int(roc.others))
    let isDefined = targets > 0 && others > 0
    let area = isDefined ? Double(roc.twiceArea) / 2 / Double(targets) / Double(others) : 0
    return (targets, others, area)
  }

  /// The numbers of others and of targets whose score reaches exactly none, one, … all of some ascending limits:
  /// `[limits + 1, 2]`.
  package func reaching(_ limits: [Float]) -> [Int] {
    let result = Tensor(uninitialized: [limits.count + 1, 2], .int64)
    withC { levin_count_reached($0, limits.count, limits, result.elements(Int64.self)) }
    return result.scalars(as: Int64.self).map { Int($0) }
  }
}

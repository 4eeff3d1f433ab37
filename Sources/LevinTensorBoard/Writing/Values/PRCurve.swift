internal import LevinSystem

/// Precision and recall at ascending thresholds.
public struct PRCurve: Sendable, Hashable {
  public var truePositives, falsePositives, trueNegatives, falseNegatives: [Double]
  public var precision, recall: [Double]

  /// The number of points of the curve.
  public var thresholdCount: Int { truePositives.count }

  /// Creates a curve from its counts for each threshold.
  ///
  /// Traps unless all arrays have the same length.
  public init(
    truePositives: [Double], falsePositives: [Double], trueNegatives: [Double],
    falseNegatives: [Double], precision: [Double], recall: [Double]
  ) {
    let counts = [
      truePositives.count, falsePositives.count, trueNegatives.count, falseNegatives.count,
      precision.count, recall.count,
    ]
    guard Set(counts).count == 1 else {
      fail("PRCurve", "rows of \(counts) values", expected: "six of one length")
    }
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.trueNegatives = trueNegatives
    self.falseNegatives = falseNegatives
    self.precision = precision
    self.recall = recall
  }

  /// Counts samples in buckets of equal width, in the precision of the predictions, as PyTorch's `add_pr_curve` does.
  ///
  /// A label is the degree to which its sample belongs to the class, 0…1. All arrays have the same length, and there
  /// are at least 2 thresholds.
  init<Number: BinaryFloatingPoint>(
    labels: [Double], predictions: [Number], thresholdCount: Int, weights: [Double]?
  ) {
    var (hits, misses) = (
      [Double](repeating: 0, count: thresholdCount), [Double](repeating: 0, count: thresholdCount)
    )
    for (index, label) in labels.enumerated() {
      // Samples beyond the last threshold's bucket, or NaN, are not counted.
      let place = (predictions[index] * Number(thresholdCount - 1)).rounded(.down)
      guard place >= 0, place < Number(thresholdCount) else { continue }
      let weight = weights?[index] ?? 1
      hits[Int(place)] += label * weight
      misses[Int(place)] += (1 - label) * weight
    }
    for bucket in (0..<thresholdCount - 1).reversed() {
      hits[bucket] += hits[bucket + 1]
      misses[bucket] += misses[bucket + 1]
    }
    let (allHits, allMisses) = (hits[0], misses[0])
    // Prevents division by zero, as PyTorch does.
    let least = 1e-7
    self.init(
      truePositives: hits, falsePositives: misses, trueNegatives: misses.map { allMisses - $0 },
      falseNegatives: hits.map { allHits - $0 },
      precision: zip(hits, misses).map { $0 / max(least, $0 + $1) },
      recall: hits.map { $0 / max(least, allHits) })
  }

  /// The rows in the order in which the plugin reads them.
  var rows: [Float] {
    (truePositives + falsePositives + trueNegatives + falseNegatives + precision + recall)
      .map { Float($0) }
  }
}

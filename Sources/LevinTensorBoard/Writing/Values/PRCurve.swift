/// Precision and recall at rising thresholds.
public struct PRCurve: Sendable, Hashable {
  public var truePositives, falsePositives, trueNegatives, falseNegatives: [Double]
  public var precision, recall: [Double]

  /// Points of the curve.
  public var thresholdCount: Int { truePositives.count }

  /// Counts of each threshold as they are.
  ///
  /// Traps where their numbers differ.
  public init(
    truePositives: [Double], falsePositives: [Double], trueNegatives: [Double],
    falseNegatives: [Double], precision: [Double], recall: [Double]
  ) {
    let counts = [
      truePositives.count, falsePositives.count, trueNegatives.count, falseNegatives.count,
      precision.count, recall.count,
    ]
    guard Set(counts).count == 1 else {
      fatalError("PRCurve: found rows of \(counts) values; expected six of one length")
    }
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.trueNegatives = trueNegatives
    self.falseNegatives = falseNegatives
    self.precision = precision
    self.recall = recall
  }

  /// Counts samples into buckets of equal width, as TensorBoard's pr_curve summary does.
  init(labels: [Bool], predictions: [Double], thresholdCount: Int, weights: [Double]?) {
    guard labels.count == predictions.count, weights.map({ $0.count == labels.count }) ?? true,
      thresholdCount >= 2
    else {
      fatalError(
        "addPRCurve: found \(labels.count) labels, \(predictions.count) predictions and "
          + "\(thresholdCount) thresholds; "
          + "expected as many of the first two, and at least 2 thresholds"
      )
    }
    var (hits, misses) = (
      [Double](repeating: 0, count: thresholdCount), [Double](repeating: 0, count: thresholdCount)
    )
    for (index, label) in labels.enumerated() {
      // What is no probability counts in no bucket, as in PyTorch.
      let prediction = predictions[index]
      guard prediction >= 0, prediction <= 1 else { continue }
      let bucket = Int((prediction * Double(thresholdCount - 1)).rounded(.down))
      let weight = weights?[index] ?? 1
      if label { hits[bucket] += weight } else { misses[bucket] += weight }
    }
    for bucket in (0..<thresholdCount - 1).reversed() {
      hits[bucket] += hits[bucket + 1]
      misses[bucket] += misses[bucket + 1]
    }
    let (allHits, allMisses) = (hits[0], misses[0])
    // Kept from dividing by zero as PyTorch does.
    let least = 1e-7
    self.init(
      truePositives: hits, falsePositives: misses, trueNegatives: misses.map { allMisses - $0 },
      falseNegatives: hits.map { allHits - $0 },
      precision: zip(hits, misses).map { $0 / max(least, $0 + $1) },
      recall: hits.map { $0 / max(least, allHits) })
  }

  /// The rows as the plugin reads them.
  var rows: [Float] {
    (truePositives + falsePositives + trueNegatives + falseNegatives + precision + recall)
      .map { Float($0) }
  }
}

extension SummaryWriter {
  /// A precision-recall curve of a classifier with two classes.
  ///
  /// - Parameters:
  ///   - labels: Whether each sample belongs to the class.
  ///   - predictions: The probability of it that was predicted, 0…1; as many as labels (traps
  ///     otherwise).
  ///   - thresholdCount: Points of the curve, at least 2.
  ///   - weights: How much each sample counts; 1 if nil.
  public func addPRCurve(
    _ tag: String, labels: [Bool], predictions: [Double], step: Int = 0, thresholdCount: Int = 127,
    weights: [Double]? = nil, wallTime: Double? = nil
  ) {
    let curve = PRCurve(
      labels: labels, predictions: predictions, thresholdCount: thresholdCount, weights: weights)
    addPRCurve(tag, curve, step: step, wallTime: wallTime)
  }

  /// A curve for each class of a classifier with several: `tag/class_0`, `tag/class_1`, …
  /// `predictions` holds a row of probabilities for each sample (traps where sizes differ).
  public func addPRCurves(
    _ tag: String, labels: [Int], predictions: [[Double]], step: Int = 0, thresholdCount: Int = 127,
    wallTime: Double? = nil
  ) {
    for index in 0..<(predictions.first?.count ?? 0) {
      addPRCurve(
        "\(tag)/class_\(index)", labels: labels.map { $0 == index },
        predictions: predictions.map { $0[index] }, step: step, thresholdCount: thresholdCount,
        wallTime: wallTime)
    }
  }

  /// A curve that was counted elsewhere.
  public func addPRCurve(_ tag: String, _ curve: PRCurve, step: Int = 0, wallTime: Double? = nil) {
    add(
      tag, .tensor(TensorSummary(shape: [6, curve.thresholdCount], values: .floats(curve.rows))),
      SummaryMetadata(
        plugin: "pr_curves",
        content: PluginEncoder.precisionRecall(thresholdCount: curve.thresholdCount)), step,
      wallTime)
  }
}

extension SummaryWriter {
  /// Adds a precision-recall curve of a classifier with two classes.
  ///
  /// - Parameters:
  ///   - labels: Whether each sample belongs to the class.
  ///   - predictions: The predicted probability of that, 0…1; as many as labels (traps otherwise).
  ///   - thresholdCount: The number of points of the curve, at least 2 (traps otherwise).
  ///   - weights: How much each sample counts; 1 if nil.
  public func addPRCurve(
    _ tag: String, labels: [Bool], predictions: [Double], step: Int = 0, thresholdCount: Int = 127,
    weights: [Double]? = nil, wallTime: Double? = nil
  ) {
    addPRCurve(
      tag, shares: labels.map { $0 ? 1 : 0 }, predictions: predictions, step: step,
      thresholdCount: thresholdCount, weights: weights, wallTime: wallTime)
  }

  /// Adds a precision-recall curve of samples that may belong to the class in part, to a degree of 0…1.
  package func addPRCurve(
    _ tag: String, shares: [Double], predictions: [Double], step: Int = 0,
    thresholdCount: Int = 127, weights: [Double]? = nil, wallTime: Double? = nil
  ) {
    checkCurve(tag, shares.count, predictions.count, weights?.count, thresholdCount)
    let curve = PRCurve(
      labels: shares, predictions: predictions, thresholdCount: thresholdCount, weights: weights)
    addPRCurve(tag, curve, step: step, wallTime: wallTime)
  }

  /// The same for predictions in single precision, whose buckets are computed in single precision as well.
  package func addPRCurve(
    _ tag: String, shares: [Double], predictions: [Float], step: Int = 0,
    thresholdCount: Int = 127, weights: [Double]? = nil, wallTime: Double? = nil
  ) {
    checkCurve(tag, shares.count, predictions.count, weights?.count, thresholdCount)
    let curve = PRCurve(
      labels: shares, predictions: predictions, thresholdCount: thresholdCount, weights: weights)
    addPRCurve(tag, curve, step: step, wallTime: wallTime)
  }

  private func checkCurve(
    _ tag: String, _ labels: Int, _ predictions: Int, _ weights: Int?, _ thresholds: Int
  ) {
    guard labels == predictions, weights ?? labels == labels, thresholds >= 2 else {
      refuse(
        "addPRCurve", tag,
        found: "\(labels) labels, \(predictions) predictions, "
          + (weights.map { "\($0) weights, " } ?? "") + "\(thresholds) thresholds",
        expected: "a prediction, and a weight if any, for each label, and at least 2 thresholds")
    }
  }

  /// Adds a curve for each class of a classifier with several: `tag/class_0`, `tag/class_1`, ….
  ///
  /// `predictions` has a row of probabilities for each sample (traps if sizes do not match).
  public func addPRCurves(
    _ tag: String, labels: [Int], predictions: [[Double]], step: Int = 0, thresholdCount: Int = 127,
    wallTime: Double? = nil
  ) {
    let classCount = predictions.first?.count ?? 0
    if let row = predictions.first(where: { $0.count != classCount }) {
      refuse(
        "addPRCurves", tag, found: "rows of \(classCount) and \(row.count) probabilities",
        expected: "one for each class in every row")
    }
    for index in 0..<classCount {
      addPRCurve(
        "\(tag)/class_\(index)", labels: labels.map { $0 == index },
        predictions: predictions.map { $0[index] }, step: step, thresholdCount: thresholdCount,
        wallTime: wallTime)
    }
  }

  /// Adds a curve that is already counted.
  public func addPRCurve(_ tag: String, _ curve: PRCurve, step: Int = 0, wallTime: Double? = nil) {
    add(
      tag, .tensor(TensorSummary(shape: [6, curve.thresholdCount], values: .floats(curve.rows))),
      SummaryMetadata(
        plugin: "pr_curves",
        content: PluginEncoder.precisionRecall(thresholdCount: curve.thresholdCount)), step,
      wallTime)
  }
}

internal import CLevinKernels

/// Decisions and their targets, which are counted in the host's memory.
package struct CountedDecisions {
  /// Scores `[batch, classes, points]`, float32, or the decisions themselves, int64.
  package let predictions: Tensor
  /// A class for each of `[batch, points]`, or 0 or 1 for each of `[batch, classes, points]`; int64.
  package let targets: Tensor
  /// The number of classes or labels.
  package let classes: Int
  /// Whether one of the classes is decided for; otherwise 0 or 1 for each of them.
  package let isMulticlass: Bool
  /// Scores above it decide for 1.
  package let threshold: Float
  /// The target of decisions that do not count.
  package let ignored: Int?

  private let batch: Int
  private let points: Int

  /// Traps unless dtypes and numbers of elements fit.
  package init(
    _ predictions: Tensor, _ targets: Tensor, batch: Int, classes: Int, points: Int,
    isMulticlass: Bool, threshold: Float, ignored: Int?
  ) {
    let cells = batch * classes * points
    precondition(
      targets.elementCount == (isMulticlass ? batch * points : cells)
        && predictions.elementCount
          == (predictions.dtype == .float32 ? cells : targets.elementCount)
    )
    (self.predictions, self.targets) = (predictions.onHost(), targets.onHost())
    (self.batch, self.classes, self.points) = (batch, classes, points)
    (self.isMulticlass, self.threshold, self.ignored) = (isMulticlass, threshold, ignored)
  }

  /// How often each class (columns) was decided for with each target (rows).
  ///
  /// int64, `[classes, classes]` or `[classes, 2, 2]`; nil if a decision or a target is out of range.
  package func matrix() -> Tensor? {
    let shape: Shape = isMulticlass ? [classes, classes] : [classes, 2, 2]
    return counted(shape, levin_decision_matrix)
  }

  /// The true positives, false positives, true negatives and false negatives of each class, `[classes, 4]`, int64; nil
  /// if a decision or a target is out of range.
  package func counts() -> Tensor? { counted([classes, 4], levin_decision_counts) }

  private func counted(
    _ shape: Shape,
    _ count: (UnsafePointer<LevinDecisions>, UnsafeMutablePointer<Int64>) -> Bool
  ) -> Tensor? {
    let result = Tensor(uninitialized: shape, .int64)
    let areScores = predictions.dtype == .float32
    var c = LevinDecisions(
      batch: batch, classes: classes, points: max(points, 1), isMulticlass: isMulticlass,
      scores: areScores ? predictions.elements(Float.self) : nil, threshold: threshold,
      labels: areScores ? nil : predictions.elements(Int64.self),
      targets: targets.elements(Int64.self), ignores: ignored != nil, ignored: Int64(ignored ?? 0))
    if points == 0 { c.batch = 0 }
    return withExtendedLifetime(self) { count(&c, result.elements(Int64.self)) } ? result : nil
  }

  /// Whether each decision equals its target, or does not count: `[batch, points]` or `[batch, classes, points]`, bool.
  package var areRight: Tensor {
    let shape: Shape = isMulticlass ? [batch, points] : [batch, classes, points]
    let wanted = targets.reshaped(to: shape)
    let right =
      if predictions.dtype == .int64 {
        predictions.reshaped(to: shape) .== wanted
      } else if isMulticlass {
        predictions.reshaped(to: [batch, classes, points]).argmax(dimension: 1) .== wanted
      } else {
        (predictions.reshaped(to: shape) .> Double(threshold)) .== (wanted .== 1)
      }
    return ignored.map { right .| (wanted .== $0) } ?? right
  }

  /// The decisions of each image of the batch.
  package func split() -> [CountedDecisions] {
    func rows(_ tensor: Tensor) -> [Tensor] {
      let size = batch == 0 ? 0 : tensor.elementCount / batch
      let flat = tensor.reshaped(to: [-1])
      return (0..<batch).map { flat[$0 * size..<($0 + 1) * size] }
    }
    return zip(rows(predictions), rows(targets)).map {
      CountedDecisions(
        $0, $1, batch: 1, classes: classes, points: points, isMulticlass: isMulticlass,
        threshold: threshold, ignored: ignored)
    }
  }
}

extension Tensor {
  /// Whether all elements are in 0…1.
  package var isWithinUnit: Bool {
    guard dtype == .float32 else {
      return elementCount == 0 || minimum().item() >= 0 && maximum().item() <= 1
    }
    let whole = onHost()
    return withExtendedLifetime(whole) {
      levin_is_within_unit(elementCount, whole.elements(Float.self))
    }
  }

  /// Whether all elements, int64, are in `0..<limit`, or equal `ignored`.
  package func areLabels(below limit: Int, ignoring ignored: Int? = nil) -> Bool {
    let whole = onHost()
    return withExtendedLifetime(whole) {
      let labels = whole.elements(Int64.self)
      guard var ignored = ignored.map({ Int64($0) }) else {
        return levin_are_labels(elementCount, labels, Int64(limit), nil)
      }
      return levin_are_labels(elementCount, labels, Int64(limit), &ignored)
    }
  }
}

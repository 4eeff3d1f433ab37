internal import LevinSystem
internal import LevinTensor

/// The sizes of masks of classes and of their intersections.
struct MaskCounts {
  let intersection: Tensor
  let predicted: Tensor
  let wanted: Tensor

  /// Counts masks of 0 and 1 `[batch, classes, …]`, or classes `[batch, …]`; counts are `[batch, classes]`, float64.
  init(
    _ predictions: Tensor, _ targets: Tensor, classes: Int, includeBackground: Bool,
    for metric: String
  ) {
    func masks(_ x: Tensor, isClasses: Bool) -> Tensor {
      guard isClasses else {
        guard x.rank > 2, x.shape[1] == classes else {
          fail(metric, "masks \(x.shape)", expected: "[batch, \(classes), …]")
        }
        return x.to(.float64).reshaped(to: [x.shape[0], classes, -1])
      }
      let flat = x.to(.int64).reshaped(to: [x.shape[0], -1])
      ClassificationChecks.labels(flat, below: classes, "class", for: metric)
      return flat.oneHot(classes).transposed(1, 2).to(.float64)
    }
    let (a, b) = (predictions.rank, targets.rank)
    let areClasses = a == b && (a < 3 || predictions.shape[1] != classes)
    var (p, t) = (
      masks(predictions, isClasses: a < b || areClasses),
      masks(targets, isClasses: b < a || areClasses)
    )
    guard p.shape == t.shape else {
      fail(
        metric, "predictions \(predictions.shape) and targets \(targets.shape)",
        expected: "masks of the same pixels")
    }
    if !includeBackground { (p, t) = (p[.all, 1..<classes], t[.all, 1..<classes]) }
    intersection = (p * t).sum(dimension: 2)
    (predicted, wanted) = (p.sum(dimension: 2), t.sum(dimension: 2))
  }
}

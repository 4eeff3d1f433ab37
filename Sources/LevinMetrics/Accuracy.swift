internal import LevinSystem
public import LevinTensor

/// The fraction of correct predictions, a float32 scalar (torchmetrics' micro-averaged multiclass accuracy).
///
/// `predictions` are class indices `[batch]` or scores `[batch, classes]`, whose largest counts (the first if several
/// are equal); `targets` are class indices `[batch]` (int64). Traps if a target is outside 0..<classCount.
public func accuracy(_ predictions: Tensor, _ targets: Tensor, classCount: Int) -> Tensor {
  let predicted =
    (predictions.rank == 2 ? predictions.argmax(dimension: 1) : predictions.to(.int64))
    .scalars(as: Int64.self)
  let wanted = targets.to(.int64).scalars(as: Int64.self)
  guard predicted.count == wanted.count else {
    fail(
      "accuracy", "\(predicted.count) predictions and \(wanted.count) targets",
      expected: "the same number of each")
  }
  var hits = 0
  for (prediction, target) in zip(predicted, wanted) {
    guard (0..<Int64(classCount)).contains(target) else {
      fail("accuracy", "target \(target)", expected: "a class in 0..<\(classCount)")
    }
    if prediction == target { hits += 1 }
  }
  return Tensor(Float(hits) / Float(wanted.count))
}

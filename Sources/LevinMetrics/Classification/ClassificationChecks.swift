internal import LevinSystem
internal import LevinTensor

/// Checks of the arguments of classification metrics, which trap.
enum ClassificationChecks {
  static func shapes(
    _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask, for metric: String
  ) {
    guard !targets.dtype.isFloatingPoint else {
      fail(metric, "targets of dtype \(targets.dtype.name)", expected: "integers")
    }
    func fits() -> Bool {
      switch task {
      case .binary: return predictions.shape == targets.shape
      case .multilabel(let count):
        return predictions.shape == targets.shape && targets.rank > 1 && targets.shape[1] == count
      case .multiclass(let count):
        guard predictions.rank == targets.rank + 1 else {
          return predictions.shape == targets.shape
        }
        return predictions.shape[1] == count && predictions.shape[0] == targets.shape[0]
          && predictions.elementCount == targets.elementCount * count
      }
    }
    guard fits() else {
      fail(
        metric, "predictions \(predictions.shape) and targets \(targets.shape)",
        expected: expectation(of: task))
    }
  }

  private static func expectation(of task: ClassificationTask) -> String {
    switch task {
    case .binary: "both of one shape"
    case .multiclass(let count):
      "scores [batch, \(count), …] or labels [batch, …], and targets [batch, …]"
    case .multilabel(let count): "both [batch, \(count), …]"
    }
  }

  /// Traps with the first of some labels, int64, that is out of range.
  static func labels(
    _ labels: Tensor, below count: Int, _ what: String, ignoring ignored: Int? = nil,
    for metric: String
  ) {
    guard !labels.areLabels(below: count, ignoring: ignored),
      let label = labels.scalars(as: Int64.self)
        .first(where: { !(0..<Int64(count)).contains($0) && $0 != ignored.map(Int64.init) })
    else { return }
    let also = ignored.map { ", or \($0), which is ignored" } ?? ""
    fail(metric, "a \(what) of \(label)", expected: "a class in 0..<\(count)\(also)")
  }
}

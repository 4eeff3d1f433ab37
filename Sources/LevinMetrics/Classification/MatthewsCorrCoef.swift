public import LevinTensor

/// The correlation of predictions and targets, −1 to 1 (Matthews 1975; torchmetrics' `MatthewsCorrCoef`).
///
/// It is 0 if it is undefined.
public final class MatthewsCorrCoef: MatrixMetric {
  public override var higherIsBetter: Bool? { true }

  /// The options.
  public var options: Options { decisions }

  public override func value(of states: [Tensor]) -> Tensor {
    var rows = rows(states[0])
    if case .multilabel = task {
      rows = (0..<2).map { i in
        (0..<2).map { j in
          stride(from: i, to: rows.count, by: 2).reduce(0) { $0 + rows[$1][j] }
        }
      }
    }
    let right = rows.indices.reduce(0) { $0 + rows[$1][$1] }
    let targets = rows.map { $0.reduce(0, +) }
    let predictions = rows.indices.map { column in rows.reduce(0) { $0 + $1[column] } }
    let total = targets.reduce(0, +)
    if rows.count == 2, total > 0 {
      if right == total { return Tensor(1 as Float) }
      if right == 0 { return Tensor(-1 as Float) }
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let spread =
      (total * total - dot(predictions, predictions)) * (total * total - dot(targets, targets))
    guard spread != 0 else { return Tensor(0 as Float) }
    return Tensor(Float((right * total - dot(targets, predictions)) / spread.squareRoot()))
  }
}

/// ``MatthewsCorrCoef`` of one batch.
public func matthewsCorrCoef(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask, threshold: Double = 0.5,
  ignoreIndex: Int? = nil
) -> Tensor {
  MatthewsCorrCoef(task, threshold: threshold, ignoreIndex: ignoreIndex)
    .evaluate(predictions, targets)
}

internal import LevinSystem
public import LevinTensor

/// The area under the curve of ``ROC``: the probability that a target has a higher score than another sample
/// (torchmetrics' `AUROC`).
///
/// For a class without targets, or with nothing but targets, it is 0, with a warning that names the class.
public final class AUROC: CurveMetric {
  /// How the areas of classes are combined.
  public let average: Average
  /// The false positive rate up to which the area counts (binary tasks); nil: all of it.
  public let maxFPR: Double?

  /// Traps if an argument does not fit the task; there is no micro average of classes.
  public init(
    _ task: AveragedTask, thresholds: [Double]? = nil, maxFPR: Double? = nil,
    ignoreIndex: Int? = nil
  ) {
    average = task.average
    self.maxFPR = maxFPR
    CurveMetric.check(task, "AUROC")
    if let maxFPR {
      guard task == .binary, maxFPR > 0, maxFPR <= 1 else {
        fail("AUROC", "a maxFPR of \(maxFPR)", expected: "above 0, at most 1, for a binary task")
      }
    }
    super.init(task.task, thresholds: thresholds, ignoreIndex: ignoreIndex)
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let points = points(states, joined: average == .micro && task != .binary)
    let areas = points.enumerated().map { index, points in
      let curve = curve(points, owner: owner(index))
      return maxFPR.map { curve.area(upTo: $0) } ?? curve.area
    }
    switch average {
    case .none: return Tensor(areas.map { Float($0) })
    case .micro: return Tensor(Float(areas[0]))
    default: return Tensor(Float(mean(areas, average, positives: points.map(\.positives))))
    }
  }
}

extension CurveMetric {
  static func check(_ task: AveragedTask, _ name: String) {
    let allowed: [Average] =
      task.task.isMulticlass ? [.macro, .weighted, .none] : [.micro, .macro, .weighted, .none]
    guard allowed.contains(task.average) else {
      fail(
        name, "the average \(task.average.rawValue)",
        expected: "one of \(allowed.map(\.rawValue).joined(separator: ", "))")
    }
  }
}

/// ``AUROC`` of one batch.
public func auroc(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, thresholds: [Double]? = nil,
  maxFPR: Double? = nil, ignoreIndex: Int? = nil
) -> Tensor {
  AUROC(task, thresholds: thresholds, maxFPR: maxFPR, ignoreIndex: ignoreIndex)
    .evaluate(predictions, targets)
}

/// How the losses of all elements are reduced.
public enum LossReduction: String, Sendable, CaseIterable {
  /// They are not reduced.
  case none
  /// Their mean.
  case mean
  /// Their sum.
  case sum
  /// Their sum divided by the size of dimension 0, which is the mean in the mathematical sense for
  /// ``Tensor/klDivergence(_:logTarget:reduction:)``.
  case batchMean = "batchmean"
}

extension Tensor {
  /// Reduces these losses.
  func reduced(_ reduction: LossReduction) -> Tensor {
    switch reduction {
    case .none: self
    case .mean: mean()
    case .sum: sum()
    case .batchMean: sum() / (rank > 0 ? shape[0] : 1)
    }
  }
}

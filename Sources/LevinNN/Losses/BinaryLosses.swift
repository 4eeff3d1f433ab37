public import LevinTensor

/// The cross-entropy of probabilities and targets in 0…1, of one shape.
public final class BCELoss: Module {
  /// What the loss of each element is multiplied by; broadcasts; nil for 1.
  public let weight: Tensor?
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(weight: Tensor? = nil, reduction: LossReduction = .mean) {
    self.weight = weight
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.binaryCrossEntropy(target, weight: weight, reduction: reduction)
  }
}

/// The cross-entropy of the logistic function of logits and targets in 0…1, of one shape.
public final class BCEWithLogitsLoss: Module {
  /// What the loss of each element is multiplied by; broadcasts; nil for 1.
  public let weight: Tensor?
  /// How many times as much counts what is true (PyTorch's `pos_weight`); broadcasts; nil for 1.
  public let positiveWeight: Tensor?
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(
    weight: Tensor? = nil, positiveWeight: Tensor? = nil, reduction: LossReduction = .mean
  ) {
    self.weight = weight
    self.positiveWeight = positiveWeight
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.binaryCrossEntropyWithLogits(
      target, weight: weight, positiveWeight: positiveWeight, reduction: reduction)
  }
}

/// `log(1 + exp(−target x))` for targets −1 and 1.
public final class SoftMarginLoss: Module {
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(reduction: LossReduction = .mean) {
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.softMarginLoss(target, reduction: reduction)
  }
}

/// The mean over classes of the cross-entropies of logits `[batch, classes]` and targets 0 and 1.
public final class MultiLabelSoftMarginLoss: Module {
  /// What the loss of each element is multiplied by; broadcasts; nil for 1.
  public let weight: Tensor?
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(weight: Tensor? = nil, reduction: LossReduction = .mean) {
    self.weight = weight
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.multilabelSoftMarginLoss(target, weight: weight, reduction: reduction)
  }
}

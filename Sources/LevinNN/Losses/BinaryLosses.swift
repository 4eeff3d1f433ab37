public import LevinTensor

/// The cross-entropy of probabilities and targets in 0…1 of the same shape.
public final class BCELoss: Loss {
  /// The factor of each element's loss; it is broadcast; nil for 1.
  public let weight: Buffer?

  /// Creates the loss; the defaults are PyTorch's.
  public init(weight: Tensor? = nil, reduction: LossReduction = .mean) {
    self.weight = weight.map { Buffer($0) }
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.binaryCrossEntropy(target, weight: weight?.value, reduction: reduction)
  }
}

/// The cross-entropy of targets in 0…1 and the logistic function of logits of the same shape.
public final class BCEWithLogitsLoss: Loss {
  /// The factor of each element's loss; it is broadcast; nil for 1.
  public let weight: Buffer?
  /// The weight of positive targets (PyTorch's `pos_weight`); it is broadcast; nil for 1.
  public let positiveWeight: Buffer?

  /// Creates the loss; the defaults are PyTorch's.
  public init(
    weight: Tensor? = nil, positiveWeight: Tensor? = nil, reduction: LossReduction = .mean
  ) {
    self.weight = weight.map { Buffer($0) }
    self.positiveWeight = positiveWeight.map { Buffer($0) }
    super.init(reduction: reduction)
  }

  public override var namedMembers: [(name: String, value: Any)] {
    let members: [(name: String, value: Buffer?)] = [
      ("weight", weight), ("pos_weight", positiveWeight),
    ]
    return members.compactMap { member in member.value.map { (member.name, $0) } }
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.binaryCrossEntropyWithLogits(
      target, weight: weight?.value, positiveWeight: positiveWeight?.value, reduction: reduction)
  }
}

/// `log(1 + exp(−target x))` for targets −1 and 1.
public final class SoftMarginLoss: Loss {
  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.softMarginLoss(target, reduction: reduction)
  }
}

/// The mean over classes of the cross-entropies of logits `[batch, classes]` and targets 0 and 1.
public final class MultiLabelSoftMarginLoss: Loss {
  /// The factor of each element's loss; it is broadcast; nil for 1.
  public let weight: Buffer?

  /// Creates the loss; the defaults are PyTorch's.
  public init(weight: Tensor? = nil, reduction: LossReduction = .mean) {
    self.weight = weight.map { Buffer($0) }
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.multilabelSoftMarginLoss(target, weight: weight?.value, reduction: reduction)
  }
}

public import LevinNN
public import LevinTensor

/// ``BCELoss`` over the targets that count: those below 0 and NaN, such as ``LabelPolicy/ignored``, have neither a loss nor
/// a gradient.
///
/// The mean is that over the targets that count; it is 0 if there are none.
public final class MaskedBCELoss: Loss {
  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    masked(target) { input.binaryCrossEntropy($0, weight: $1, reduction: $2) }
  }
}

/// ``BCEWithLogitsLoss`` over the targets that count: those below 0 and NaN, such as ``LabelPolicy/ignored``, have neither
/// a loss nor a gradient.
///
/// The mean is that over the targets that count; it is 0 if there are none.
public final class MaskedBCEWithLogitsLoss: Loss {
  /// The weight of positive targets; it is broadcast; nil for 1.
  public let positiveWeight: Buffer?

  /// Creates the loss.
  public init(positiveWeight: Tensor? = nil, reduction: LossReduction = .mean) {
    self.positiveWeight = positiveWeight.map { Buffer($0) }
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    masked(target) {
      input.binaryCrossEntropyWithLogits(
        $0, weight: $1, positiveWeight: positiveWeight?.value, reduction: $2)
    }
  }
}

extension Loss {
  /// `loss` of the targets, with 0 in place of those that do not count, and of weights of 0 for those and 1 for others.
  fileprivate func masked(
    _ target: Tensor, _ loss: (Tensor, Tensor, LossReduction) -> Tensor
  ) -> Tensor {
    let counts = target .>= 0
    // NaN times a weight of 0 would be NaN.
    let known = Tensor.where(counts, target, target.zerosLike())
    let weight = counts.to(target.dtype)
    guard reduction == .mean else { return loss(known, weight, reduction) }
    return loss(known, weight, .sum) / max(Double(weight.sum().item()), 1)
  }
}

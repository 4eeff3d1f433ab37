public import LevinTensor

/// For pairs of vectors `[batch, features]`: 1 − their cosine where the target `[batch]` is 1, and where it is −1 the cosine's part above the margin.
public final class CosineEmbeddingLoss: Module {
  /// The margin.
  public let margin: Double
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(margin: Double = 0, reduction: LossReduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ first: Tensor, _ second: Tensor, _ target: Tensor) -> Tensor {
    called(with: [first, second, target]) {
      $0[0].cosineEmbeddingLoss($0[1], $0[2], margin: margin, reduction: reduction)
    }
  }
}

/// What first numbers lack to be a margin above second ones where the target is 1, below them where it is −1.
public final class MarginRankingLoss: Module {
  /// The margin.
  public let margin: Double
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(margin: Double = 0, reduction: LossReduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ first: Tensor, _ second: Tensor, _ target: Tensor) -> Tensor {
    called(with: [first, second, target]) {
      $0[0].marginRankingLoss($0[1], $0[2], margin: margin, reduction: reduction)
    }
  }
}

/// Distances where the target is 1, what they lack to the margin where it is −1.
public final class HingeEmbeddingLoss: Loss {
  /// The margin.
  public let margin: Double

  /// A loss with PyTorch's defaults.
  public init(margin: Double = 1, reduction: LossReduction = .mean) {
    self.margin = margin
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.hingeEmbeddingLoss(target, margin: margin, reduction: reduction)
  }
}

/// What scores `[batch, classes]` of other classes lack to be a margin below that of the target `[batch]`, to the power of `p`.
public final class MultiMarginLoss: Loss {
  /// The power, 1 or 2.
  public let p: Int
  /// The margin.
  public let margin: Double
  /// How much each class counts, `[classes]`; nil for 1.
  public let weight: Buffer?

  /// A loss with PyTorch's defaults.
  public init(
    p: Int = 1, margin: Double = 1, weight: Tensor? = nil, reduction: LossReduction = .mean
  ) {
    self.p = p
    self.margin = margin
    self.weight = weight.map { Buffer($0) }
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.multiMarginLoss(target, p: p, margin: margin, weight: weight?.value, reduction: reduction)
  }
}

/// What scores `[batch, classes]` of other classes lack to be 1 below each of the targets', which are class indices up to the first −1.
public final class MultiLabelMarginLoss: Loss {
  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.multilabelMarginLoss(target, reduction: reduction)
  }
}

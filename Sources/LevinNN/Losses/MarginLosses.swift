public import LevinTensor

/// For pairs of vectors `[batch, features]`: 1 − cosine if the target `[batch]` is 1, `max(0, cosine − margin)` if it
/// is −1.
public final class CosineEmbeddingLoss: Module {
  /// The margin.
  public let margin: Double
  /// How the losses of all elements are reduced.
  public let reduction: LossReduction

  /// Creates the loss; the defaults are PyTorch's.
  public init(margin: Double = 0, reduction: LossReduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss: a scalar, or one value for each element if the reduction is `none`.
  public func callAsFunction(_ first: Tensor, _ second: Tensor, _ target: Tensor) -> Tensor {
    call(with: [first, second, target]) {
      $0[0].cosineEmbeddingLoss($0[1], $0[2], margin: margin, reduction: reduction)
    }
  }
}

/// `max(0, margin − target (first − second))`, for a target of 1 if the first number should be larger, and −1 if the
/// second should.
public final class MarginRankingLoss: Module {
  /// The margin.
  public let margin: Double
  /// How the losses of all elements are reduced.
  public let reduction: LossReduction

  /// Creates the loss; the defaults are PyTorch's.
  public init(margin: Double = 0, reduction: LossReduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss: a scalar, or one value for each element if the reduction is `none`.
  public func callAsFunction(_ first: Tensor, _ second: Tensor, _ target: Tensor) -> Tensor {
    call(with: [first, second, target]) {
      $0[0].marginRankingLoss($0[1], $0[2], margin: margin, reduction: reduction)
    }
  }
}

/// The distance if the target is 1, `max(0, margin − distance)` if it is −1.
public final class HingeEmbeddingLoss: Loss {
  /// The margin.
  public let margin: Double

  /// Creates the loss; the defaults are PyTorch's.
  public init(margin: Double = 1, reduction: LossReduction = .mean) {
    self.margin = margin
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.hingeEmbeddingLoss(target, margin: margin, reduction: reduction)
  }
}

/// For scores `[batch, classes]`, sums `max(0, margin − target's score + other score)` to the power of `p` over the
/// other classes, and divides by the number of classes.
public final class MultiMarginLoss: Loss {
  /// The power, 1 or 2.
  public let p: Int
  /// The margin.
  public let margin: Double
  /// The weight of each class, `[classes]`; nil for 1.
  public let weight: Buffer?

  /// Creates the loss; the defaults are PyTorch's.
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

/// For scores `[batch, classes]`, sums `max(0, 1 − target's score + other score)` over targets and other classes, and
/// divides by the number of classes.
///
/// Targets are class indices up to the first −1.
public final class MultiLabelMarginLoss: Loss {
  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.multilabelMarginLoss(target, reduction: reduction)
  }
}

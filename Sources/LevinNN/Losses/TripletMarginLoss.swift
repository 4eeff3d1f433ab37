public import LevinTensor

/// What the distance of anchors `[batch, features]` from negative examples lacks to be a margin above that from positive ones.
public final class TripletMarginLoss: Module {
  /// The margin.
  public let margin: Double
  /// The order of the distance's norm.
  public let p: Double
  /// What is added to each difference.
  public let epsilon: Double
  /// Whether the distance of positive and negative counts where it is the smaller one (Balntas and others 2016).
  public let swap: Bool
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(
    margin: Double = 1, p: Double = 2, epsilon: Double = 1e-6, swap: Bool = false,
    reduction: LossReduction = .mean
  ) {
    self.margin = margin
    self.p = p
    self.epsilon = epsilon
    self.swap = swap
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ anchor: Tensor, _ positive: Tensor, _ negative: Tensor) -> Tensor {
    called(with: [anchor, positive, negative]) {
      $0[0].tripletMarginLoss(
        positive: $0[1], negative: $0[2], margin: margin, p: p, epsilon: epsilon, swap: swap,
        reduction: reduction)
    }
  }
}

/// ``TripletMarginLoss`` with a distance of one's own.
public final class TripletMarginWithDistanceLoss: Module {
  /// How far apart the vectors of two batches are, one number each.
  public let distance: (Tensor, Tensor) -> Tensor
  /// The margin.
  public let margin: Double
  /// Whether the distance of positive and negative counts where it is the smaller one.
  public let swap: Bool
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(
    distance: @escaping (Tensor, Tensor) -> Tensor = { $0.pairwiseDistance($1) },
    margin: Double = 1, swap: Bool = false, reduction: LossReduction = .mean
  ) {
    self.distance = distance
    self.margin = margin
    self.swap = swap
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ anchor: Tensor, _ positive: Tensor, _ negative: Tensor) -> Tensor {
    called(with: [anchor, positive, negative]) {
      $0[0].tripletMarginLoss(
        positive: $0[1], negative: $0[2], margin: margin, swap: swap, reduction: reduction,
        distance: distance)
    }
  }
}

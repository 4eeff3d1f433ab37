public import LevinTensor

/// `max(0, margin + distance to the positive − distance to the negative)` for anchors, positive and negative examples
/// `[batch, features]`.
public final class TripletMarginLoss: Module {
  /// The margin.
  public let margin: Double
  /// The order of the norm of the distance.
  public let p: Double
  /// The number added to each difference.
  public let epsilon: Double
  /// Whether the distance between positive and negative is used if it is smaller (Balntas and others 2016).
  public let swap: Bool
  /// How the losses of all elements are reduced.
  public let reduction: LossReduction

  /// Creates the loss; the defaults are PyTorch's.
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

  /// The loss: a scalar, or one value for each element if the reduction is `none`.
  public func callAsFunction(_ anchor: Tensor, _ positive: Tensor, _ negative: Tensor) -> Tensor {
    call(with: [anchor, positive, negative]) {
      $0[0].tripletMarginLoss(
        positive: $0[1], negative: $0[2], margin: margin, p: p, epsilon: epsilon, swap: swap,
        reduction: reduction)
    }
  }
}

/// ``TripletMarginLoss`` with a custom distance.
public final class TripletMarginWithDistanceLoss: Module {
  /// The distances between the vectors of two batches, one number each.
  public let distance: (Tensor, Tensor) -> Tensor
  /// The margin.
  public let margin: Double
  /// Whether the distance between positive and negative is used if it is smaller.
  public let swap: Bool
  /// How the losses of all elements are reduced.
  public let reduction: LossReduction

  /// Creates the loss; the defaults are PyTorch's.
  public init(
    distance: @escaping (Tensor, Tensor) -> Tensor = { $0.pairwiseDistance($1) },
    margin: Double = 1, swap: Bool = false, reduction: LossReduction = .mean
  ) {
    self.distance = distance
    self.margin = margin
    self.swap = swap
    self.reduction = reduction
  }

  /// The loss: a scalar, or one value for each element if the reduction is `none`.
  public func callAsFunction(_ anchor: Tensor, _ positive: Tensor, _ negative: Tensor) -> Tensor {
    call(with: [anchor, positive, negative]) {
      $0[0].tripletMarginLoss(
        positive: $0[1], negative: $0[2], margin: margin, swap: swap, reduction: reduction,
        distance: distance)
    }
  }
}

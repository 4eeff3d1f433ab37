public import LevinTensor

/// The squared differences of predictions and targets of one shape.
public final class MSELoss: Module {
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(reduction: LossReduction = .mean) {
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.mseLoss(target, reduction: reduction)
  }
}

/// The absolute differences of predictions and targets of one shape.
public final class L1Loss: Module {
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(reduction: LossReduction = .mean) {
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.l1Loss(target, reduction: reduction)
  }
}

/// The absolute differences less beta / 2; the squared ones over 2 beta where they are below `beta` (Girshick 2015).
public final class SmoothL1Loss: Module {
  /// Where squares end.
  public let beta: Double
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(beta: Double = 1, reduction: LossReduction = .mean) {
    self.beta = beta
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.smoothL1Loss(target, beta: beta, reduction: reduction)
  }
}

/// Half of the squared differences; where they are above `delta`, `delta` times (the absolute one − delta / 2) (Huber 1964).
public final class HuberLoss: Module {
  /// Where squares end, above 0.
  public let delta: Double
  /// What becomes of the losses of all elements.
  public let reduction: LossReduction

  /// A loss with PyTorch's defaults.
  public init(delta: Double = 1, reduction: LossReduction = .mean) {
    self.delta = delta
    self.reduction = reduction
  }

  /// The loss: a scalar, or one for each element where the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.huberLoss(target, delta: delta, reduction: reduction)
  }
}

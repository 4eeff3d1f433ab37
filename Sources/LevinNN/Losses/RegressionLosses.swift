public import LevinTensor

/// The squared differences of predictions and targets of one shape.
public final class MSELoss: Loss {
  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.mseLoss(target, reduction: reduction)
  }
}

/// The absolute differences of predictions and targets of one shape.
public final class L1Loss: Loss {
  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.l1Loss(target, reduction: reduction)
  }
}

/// The absolute differences less beta / 2; the squared ones over 2 beta where they are below `beta` (Girshick 2015).
public final class SmoothL1Loss: Loss {
  /// Where squares end.
  public let beta: Double

  /// A loss with PyTorch's defaults.
  public init(beta: Double = 1, reduction: LossReduction = .mean) {
    self.beta = beta
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.smoothL1Loss(target, beta: beta, reduction: reduction)
  }
}

/// Half of the squared differences; where they are above `delta`, `delta` times (the absolute one − delta / 2) (Huber 1964).
public final class HuberLoss: Loss {
  /// Where squares end, above 0.
  public let delta: Double

  /// A loss with PyTorch's defaults.
  public init(delta: Double = 1, reduction: LossReduction = .mean) {
    self.delta = delta
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.huberLoss(target, delta: delta, reduction: reduction)
  }
}

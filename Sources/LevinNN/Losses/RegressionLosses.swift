public import LevinTensor

/// The squared differences of predictions and targets of the same shape.
public final class MSELoss: Loss {
  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.mseLoss(target, reduction: reduction)
  }
}

/// The absolute differences of predictions and targets of the same shape.
public final class L1Loss: Loss {
  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.l1Loss(target, reduction: reduction)
  }
}

/// Squared differences over 2 beta if the absolute difference is below `beta`, otherwise the absolute difference −
/// beta / 2 (Girshick 2015).
public final class SmoothL1Loss: Loss {
  /// The absolute difference up to which the loss is quadratic.
  public let beta: Double

  /// Creates the loss; the defaults are PyTorch's.
  public init(beta: Double = 1, reduction: LossReduction = .mean) {
    self.beta = beta
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.smoothL1Loss(target, beta: beta, reduction: reduction)
  }
}

/// Half of the squared difference; if the absolute difference exceeds `delta`, `delta` · (absolute difference − delta
/// / 2) (Huber 1964).
public final class HuberLoss: Loss {
  /// The absolute difference up to which the loss is quadratic, above 0.
  public let delta: Double

  /// Creates the loss; the defaults are PyTorch's.
  public init(delta: Double = 1, reduction: LossReduction = .mean) {
    self.delta = delta
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.huberLoss(target, delta: delta, reduction: reduction)
  }
}

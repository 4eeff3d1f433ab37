public import LevinTensor

/// The squared differences of predictions and targets of the same shape.
public final class MSELoss: Module {
  /// How the losses of all elements are reduced.
  public let reduction: LossReduction

  /// Creates the loss; the defaults are PyTorch's.
  public init(reduction: LossReduction = .mean) {
    self.reduction = reduction
  }

  /// The loss: a scalar, or one value for each element if the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.mseLoss(target, reduction: reduction)
  }
}

/// The absolute differences of predictions and targets of the same shape.
public final class L1Loss: Module {
  /// How the losses of all elements are reduced.
  public let reduction: LossReduction

  /// Creates the loss; the defaults are PyTorch's.
  public init(reduction: LossReduction = .mean) {
    self.reduction = reduction
  }

  /// The loss: a scalar, or one value for each element if the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.l1Loss(target, reduction: reduction)
  }
}

/// Squared differences over 2 beta if the absolute difference is below `beta`, otherwise the absolute difference −
/// beta / 2 (Girshick 2015).
public final class SmoothL1Loss: Module {
  /// The absolute difference up to which the loss is quadratic.
  public let beta: Double
  /// How the losses of all elements are reduced.
  public let reduction: LossReduction

  /// Creates the loss; the defaults are PyTorch's.
  public init(beta: Double = 1, reduction: LossReduction = .mean) {
    self.beta = beta
    self.reduction = reduction
  }

  /// The loss: a scalar, or one value for each element if the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.smoothL1Loss(target, beta: beta, reduction: reduction)
  }
}

/// Half of the squared difference; if the absolute difference exceeds `delta`, `delta` · (absolute difference − delta
/// / 2) (Huber 1964).
public final class HuberLoss: Module {
  /// The absolute difference up to which the loss is quadratic, above 0.
  public let delta: Double
  /// How the losses of all elements are reduced.
  public let reduction: LossReduction

  /// Creates the loss; the defaults are PyTorch's.
  public init(delta: Double = 1, reduction: LossReduction = .mean) {
    self.delta = delta
    self.reduction = reduction
  }

  /// The loss: a scalar, or one value for each element if the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.huberLoss(target, delta: delta, reduction: reduction)
  }
}

public import LevinOptimizers
internal import LevinTensor

extension LightningModuleBase {
  /// Limits the gradients of an optimizer's parameters; does nothing for a limit of nil or 0.
  ///
  /// By norm: if their common L2 norm exceeds the limit, all are multiplied by `limit / (norm + 1e-6)`, as in
  /// PyTorch's `clip_grad_norm_`. By value: each element is limited to ±`limit`.
  public final func clipGradients(
    of optimizer: Optimizer, limit: Double?, algorithm: GradientClipAlgorithm
  ) {
    guard let limit, limit > 0 else { return }
    switch algorithm {
    case .value:
      for parameter in optimizer.parameters {
        parameter.update { _, gradient in gradient = gradient.clamped(-limit, limit) }
      }
    case .norm:
      var sum = 0.0
      for parameter in optimizer.parameters {
        guard let gradient = parameter.gradient else { continue }
        sum += gradient.to(.float64).squared().sum().item()
      }
      let scale = limit / (sum.squareRoot() + 1e-6)
      // If the norm is NaN the gradients stay unchanged, so that the problem can be seen.
      guard scale < 1 else { return }
      for parameter in optimizer.parameters {
        parameter.update { _, gradient in gradient = gradient * scale }
      }
    }
  }
}

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
      let limit = Float(limit)
      for parameter in optimizer.parameters {
        parameter.update { _, gradient in
          for i in gradient.indices { gradient[i] = min(max(gradient[i], -limit), limit) }
        }
      }
    case .norm:
      var sum = 0.0
      for parameter in optimizer.parameters {
        parameter.update { _, gradient in
          for element in gradient { sum += Double(element) * Double(element) }
        }
      }
      let scale = limit / (sum.squareRoot() + 1e-6)
      // A norm of NaN leaves the gradients as they are, so that it can be seen.
      guard scale < 1 else { return }
      for parameter in optimizer.parameters {
        parameter.update { _, gradient in
          for i in gradient.indices { gradient[i] *= Float(scale) }
        }
      }
    }
  }
}

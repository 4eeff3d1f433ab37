public import LevinOptimizers

extension LightningModuleBase {
  /// Limits the gradients of an optimizer's parameters; does nothing for a limit of nil or 0.
  ///
  /// By norm as ``clipGradientNorm(_:to:order:)``, by value as ``clipGradientValue(_:to:)``.
  public final func clipGradients(
    of optimizer: Optimizer, limit: Double?, algorithm: GradientClipAlgorithm
  ) {
    guard let limit, limit > 0 else { return }
    switch algorithm {
    case .value: clipGradientValue(optimizer.parameters, to: limit)
    case .norm: clipGradientNorm(optimizer.parameters, to: limit)
    }
  }
}

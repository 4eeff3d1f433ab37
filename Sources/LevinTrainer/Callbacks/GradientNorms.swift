internal import LevinNN
public import LevinOptimizers
internal import LevinTensor

/// Logs the norm of the gradients of each parameter and of all together, before they are clipped, at the steps at which
/// metrics are written (Lightning's `grad_norm` in a hook).
///
/// The names are Lightning's: `grad_2.0_norm_total` and `grad_2.0_norm/model.0.weight`. In manual optimization with
/// several optimizers the total of the second one ends with `-1`.
public final class GradientNorms: Callback {
  /// The order of the norm; `.infinity`: the largest absolute value.
  public let order: Double
  /// Whether the norm of each parameter is logged, too.
  public let perParameter: Bool

  /// - Parameters:
  ///   - order: The order of the norm, above 0; `.infinity`: the largest absolute value.
  ///   - perParameter: Whether the norm of each parameter is logged, or that of all alone.
  public init(order: Double = 2, perParameter: Bool = true) {
    (self.order, self.perParameter) = (order, perParameter)
  }

  /// Logs the norms.
  public override func onBeforeOptimizerStep(
    _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
  ) {
    guard trainer.logsNextStep else { return }
    let index = trainer.optimizers.firstIndex { $0 === optimizer } ?? 0
    let suffix = index == 0 ? "" : "-\(index)"
    module.log(
      "grad_\(order)_norm_total\(suffix)", gradientNorm(optimizer.parameters, order: order))
    guard perParameter else { return }
    for (name, parameter) in module.namedParameters
    where optimizer.parameters.contains(where: { $0 === parameter }) {
      guard let gradient = parameter.gradient else { continue }
      module.log("grad_\(order)_norm/\(name)", gradient.norm(order))
    }
  }
}

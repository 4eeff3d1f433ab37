internal import LevinNN
internal import LevinOptimizers
internal import LevinTensor

extension Trainer {
  /// Throws if an optimizer has no parameters, and notes the parameters that no optimizer has.
  func check(_ optimization: Optimization, of module: LightningModuleBase) throws {
    guard !optimization.isNothing else { return }
    let (optimizers, parameters) = (optimization.optimizers, module.namedParameters)
    for optimizer in optimizers where optimizer.parameters.isEmpty {
      throw TrainerError.noParameters(
        optimizer: "\(type(of: optimizer))", type: "\(type(of: module))",
        isModuleEmpty: parameters.isEmpty)
    }
    let held = Set(optimizers.flatMap(\.parameters).map(ObjectIdentifier.init))
    let left = parameters.filter {
      $0.parameter.requiresGradient && !held.contains(ObjectIdentifier($0.parameter))
    }
    guard !left.isEmpty else { return }
    Terminal.print(
      "Not trained, because no optimizer holds them: \(Self.listed(left.map(\.name))). "
        + "Give them to the optimizer, or set their requiresGradient to false.")
  }

  /// The first few names.
  static func listed(_ names: [String]) -> String {
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }
}

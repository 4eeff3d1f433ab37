package import LevinTensor

extension Module {
  /// Runs `body` as a call of this module: errors name the module, and TensorBoard's graph draws the operations
  /// inside its box.
  ///
  /// Layers do this themselves; use it for modules that are called in another way.
  ///
  ///     func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor {
  ///       called { left(a) + right(b) }
  ///     }
  public final func called<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Scopes.entering(self, body)
  }
}

extension Module: OperationScope {
  /// `Linear "model.0"`: the type, and the path from the outermost module that holds this one.
  package func name(within outer: [any OperationScope]) -> String {
    let type = "\(Swift.type(of: self))"
    for case let root as Module in outer {
      if let found = root.namedModules.first(where: { $0.module === self }), !found.name.isEmpty {
        return "\(type) \"\(found.name)\""
      }
    }
    return type
  }
}

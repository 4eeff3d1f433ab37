internal import LevinSystem
public import LevinTensor

extension Module {
  /// Runs `body` as a call of this module: errors name the module, and TensorBoard's graph draws the operations
  /// inside its box.
  ///
  /// Layers and losses do this themselves; use it for modules that are called in another way.
  ///
  ///     func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor {
  ///       call { left(a) + right(b) }
  ///     }
  public final func call<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Scopes.entering(self, body)
  }

  /// Runs `body` as a call of this module with `inputs`, including its hooks; `body` must use its argument as inputs,
  /// since hooks may change them.
  ///
  ///     func callAsFunction(_ a: Tensor, _ b: Tensor) -> (Tensor, Tensor) {
  ///       let outputs = call(with: [a, b]) { [left($0[0]), right($0[1])] }
  ///       return (outputs[0], outputs[1])
  ///     }
  public final func call(
    with inputs: [Tensor], _ body: (_ inputs: [Tensor]) -> [Tensor]
  ) -> [Tensor] {
    call { hooks?.run(self, inputs, body) ?? body(inputs) }
  }

  /// Does the same as ``call(with:_:)-([Tensor],([Tensor])->[Tensor])``, for one output.
  public final func call(
    with inputs: [Tensor], _ body: (_ inputs: [Tensor]) -> Tensor
  ) -> Tensor {
    call(with: inputs) { [body($0)] }[0]
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

  /// Traps for an input that does not fit, with the module's type and its path in the model in the message.
  func refuse(_ input: Tensor, expected: String, hint: String? = nil) -> Never {
    fail(
      name(within: Scopes.current), "input \(input.shape)", expected: expected, hint: hint)
  }
}

internal import LevinSystem

/// The information from which the gradient of a custom operation is computed; see
/// ``customOperation(_:_:forward:gradient:)``.
public struct CustomGradient {
  fileprivate let step: BackwardStep
  fileprivate let saved: (inputs: [Saved], outputs: [Saved])

  /// The gradients of the outputs, in their shapes; zeros for outputs from which nothing was computed.
  public var gradients: [Tensor] {
    saved.outputs.indices.map { step.gradient(of: $0) ?? step[saved.outputs[$0]].zerosLike() }
  }

  /// The gradient of the first output.
  public var gradient: Tensor { gradients[0] }

  /// The inputs.
  public var inputs: [Tensor] { saved.inputs.map { step[$0] } }

  /// The outputs that `forward` returned.
  public var outputs: [Tensor] { saved.outputs.map { step[$0] } }

  /// Whether the gradient of an input is needed; what `gradient` returns for the others is ignored.
  public func needs(_ input: Int) -> Bool { step.wants(input) }
}

/// Computes a custom operation with several results and defines its gradient (PyTorch's `torch.autograd.Function`).
///
///     let parts = customOperation("polar", [x, y]) { input in
///       [(input[0].squared() + input[1].squared()).sqrt(), input[1].atan2(input[0])]
///     } gradient: { step in
///       let (x, y, r) = (step.inputs[0], step.inputs[1], step.outputs[0])
///       let (dr, angle) = (step.gradients[0], step.gradients[1] / r)
///       return [(dr * x - angle * y) / r, (dr * y + angle * x) / r]
///     }
///
/// `forward` may compute in any way; it is not recorded. `gradient` returns one tensor for each input, of that
/// input's shape, or nil for an input without a gradient (traps otherwise); results of integers or bools have no
/// gradient. Take inputs and outputs from the argument of `gradient`, not from captured variables: the gradient can
/// then itself be differentiated, if it consists of operations on tensors. Inputs and outputs are kept until the
/// backward pass. ``gradientCheck(_:second:step:absolute:relative:_:)`` checks that the gradient is right.
public func customOperation(
  _ name: StaticString, _ inputs: [Tensor], forward: ([Tensor]) -> [Tensor],
  gradient: @escaping (CustomGradient) -> [Tensor?]
) -> [Tensor] {
  composed(name, inputs, outputs: { $0 }) {
    let outputs = withoutGradients { forward(inputs.map { $0.detached() }) }.map { $0.detached() }
    guard Tape.isRecording, inputs.contains(where: { $0.node != nil }) else { return outputs }
    let saved = (
      inputs: inputs.enumerated().map { Saved($1, .input($0)) },
      outputs: outputs.enumerated().map { Saved($1, .output(UInt32($0))) }
    )
    let node = GradientNode(name, edges: inputs.map(\.edge)) { step in
      let found = gradient(CustomGradient(step: step, saved: saved))
      ShapeChecks.gradients(found, fit: saved.inputs, for: name)
      for (index, gradient) in found.enumerated() where step.wants(index) {
        if let gradient { step.give(index, gradient.to(saved.inputs[index].dtype)) }
      }
    }
    return outputs.enumerated().map { index, output in
      output.dtype.isFloatingPoint ? output.recorded(node, output: UInt32(index)) : output
    }
  }
}

/// Computes a custom operation with one result and defines its gradient.
///
///     func cube(_ x: Tensor) -> Tensor {
///       customOperation("cube(_:)", [x]) { $0[0] * $0[0] * $0[0] } gradient: { step in
///         [step.gradient * step.inputs[0].squared() * 3]
///       }
///     }
///
/// Otherwise it is like the one with several results.
public func customOperation(
  _ name: StaticString, _ inputs: [Tensor], forward: ([Tensor]) -> Tensor,
  gradient: @escaping (CustomGradient) -> [Tensor?]
) -> Tensor {
  customOperation(name, inputs, forward: { [forward($0)] }, gradient: gradient)[0]
}

extension ShapeChecks {
  fileprivate static func gradients(
    _ gradients: [Tensor?], fit inputs: [Saved], for name: StaticString
  ) {
    guard gradients.count == inputs.count else {
      fail(
        "\(name)", "\(gradients.count) gradients for \(inputs.count) inputs",
        expected: "one for each input, or nil")
    }
    for (index, (gradient, input)) in zip(gradients, inputs).enumerated() {
      guard let gradient, gradient.shape != input.shape else { continue }
      fail(
        "\(name)", "a gradient of shape \(gradient.shape) for input \(index)",
        expected: "the input's own shape, \(input.shape)",
        hint: "sum it over what broadcasting repeated")
    }
  }
}

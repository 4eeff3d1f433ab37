internal import LevinSystem

/// What the gradient of an operation of your own is computed from; see ``customOperation(_:_:forward:gradient:)``.
public struct CustomGradient {
  fileprivate let step: BackwardStep
  fileprivate let saved: (inputs: [Saved], outputs: [Saved])

  /// The gradients of the outputs, in their shapes; zeros where nothing was computed from one.
  public var gradients: [Tensor] {
    saved.outputs.indices.map { step.gradient(of: $0) ?? step[saved.outputs[$0]].zerosLike() }
  }

  /// The gradient of the first output.
  public var gradient: Tensor { gradients[0] }

  /// The inputs, as they were.
  public var inputs: [Tensor] { saved.inputs.map { step[$0] } }

  /// The outputs, as `forward` gave them.
  public var outputs: [Tensor] { saved.outputs.map { step[$0] } }

  /// Whether anybody asks for the gradient of an input; what `gradient` gives for others is not looked at.
  public func needs(_ input: Int) -> Bool { step.wants(input) }
}

/// An operation of your own with several results: how it is computed, and its gradient (PyTorch's `torch.autograd.Function`).
///
///     let parts = customOperation("polar", [x, y]) { input in
///       [(input[0].squared() + input[1].squared()).sqrt(), input[1].atan2(input[0])]
///     } gradient: { step in
///       let (x, y, r) = (step.inputs[0], step.inputs[1], step.outputs[0])
///       let (dr, angle) = (step.gradients[0], step.gradients[1] / r)
///       return [(dr * x - angle * y) / r, (dr * y + angle * x) / r]
///     }
///
/// `forward` computes without being recorded, by any means. `gradient` gives one tensor for each input, of that input's shape,
/// or nil where it has none (traps otherwise); results of integers or bools have no gradient. Take what it needs from its
/// argument, and not from the surroundings: then it can be differentiated in its turn, if it consists of operations on
/// tensors. Inputs and outputs are kept until the way back has been gone. ``gradientCheck(_:second:step:absolute:relative:_:)``
/// tells whether the gradient is right.
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

/// An operation of your own with one result.
///
///     func cube(_ x: Tensor) -> Tensor {
///       customOperation("cube(_:)", [x]) { $0[0] * $0[0] * $0[0] } gradient: { step in
///         [step.gradient * step.inputs[0].squared() * 3]
///       }
///     }
///
/// In all else it is as the one with several results.
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

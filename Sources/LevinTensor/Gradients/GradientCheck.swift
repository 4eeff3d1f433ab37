/// Compares the gradients of a function with finite differences of its values (PyTorch's `torch.autograd.gradcheck`,
/// and with `second` its `gradgradcheck`).
///
///     let wrong = gradientCheck([x, w]) { [myOperation($0[0], $0[1])] }   // nil, or what is wrong
///
/// Each element of each input is changed by ±`step`, and the slope of every element of every output is compared with
/// the recorded gradient: they may differ by `absolute + relative · |slope|`. Choose inputs of a few elements, away
/// from kinks. With `second`, the gradients are checked in the same way, as functions of the inputs and of the
/// outputs' gradients. Outputs of integers and bools are left out.
///
/// Returns nil if all agree, otherwise a sentence with the input, the output, the elements and both numbers. Traps
/// for inputs and floating-point outputs that are not float64, whose precision the differences need.
public func gradientCheck(
  _ inputs: [Tensor], second: Bool = false, step: Double = 1e-6, absolute: Double = 1e-5,
  relative: Double = 1e-3, _ function: ([Tensor]) -> [Tensor]
) -> String? {
  for input in inputs { ShapeChecks.dtype(of: input, is: .float64, for: "gradientCheck(_:)") }
  let check = GradientCheck(step: step, absolute: absolute, relative: relative)
  guard second else {
    return check.disagreement(inputs, function) { $1 ? "input \($0)" : "output \($0)" }
  }
  // The first gradients, as a function of the inputs and of the outputs' gradients, which are all different numbers.
  let outputs = withoutGradients { function(inputs) }.filter { $0.dtype.isFloatingPoint }
  let weights = outputs.map { output in
    (Tensor.arange(1, output.elementCount + 1, device: output.device).to(.float64) * 0.37).sin()
      .reshaped(to: output.shape)
  }
  let all = inputs + weights
  let gradient = { (all: [Tensor]) -> [Tensor] in
    let leaves = all.prefix(inputs.count).map { $0.node == nil ? $0.requiringGradient() : $0 }
    let found = gradients(
      of: function(leaves).filter { $0.dtype.isFloatingPoint && $0.node != nil },
      withRespectTo: leaves, gradients: Array(all.dropFirst(inputs.count)), createGraph: true)
    return zip(found, leaves).map { $0 ?? $1.zerosLike() }
  }
  return check.disagreement(all, gradient) { index, isInput in
    guard isInput else { return "the gradient of input \(index)" }
    return index < inputs.count
      ? "input \(index)" : "the gradient that output \(index - inputs.count) starts from"
  }
}

private struct GradientCheck {
  let step: Double
  let absolute: Double
  let relative: Double

  /// The first element at which slope and gradient differ; `name` gives the words for an input (true) or an output
  /// (false).
  func disagreement(
    _ inputs: [Tensor], _ function: ([Tensor]) -> [Tensor], _ name: (Int, Bool) -> String
  ) -> String? {
    let leaves = inputs.map { $0.detached().requiringGradient() }
    let outputs = function(leaves)
    let slopes = inputs.indices.map { self.slopes(inputs, of: $0, function) }
    for (number, output) in outputs.enumerated() where output.dtype.isFloatingPoint {
      ShapeChecks.dtype(of: output, is: .float64, for: "gradientCheck(_:), output \(number)")
      for place in 0..<output.elementCount {
        let found = recorded(output, place, leaves)
        for (index, gradient) in found.enumerated() {
          for (element, gradient) in gradient.enumerated() {
            let slope = slopes[index][element][number][place]
            // NaN agrees with nothing.
            if Swift.abs(slope - gradient) <= absolute + relative * Swift.abs(slope) { continue }
            return "\(name(number, false)), element \(Self.place(place, output.shape)), by "
              + "\(name(index, true)), element \(Self.place(element, inputs[index].shape)): "
              + "the slope is \(slope), the gradient \(gradient)"
          }
        }
      }
    }
    return nil
  }

  /// The gradients of one element of an output.
  private func recorded(_ output: Tensor, _ place: Int, _ leaves: [Tensor]) -> [[Double]] {
    let found: [Tensor?] =
      output.node == nil
      ? leaves.map { _ in nil }
      : gradients(
        of: [output.flattened().selected(0, place)], withRespectTo: leaves, retainGraph: true)
    return zip(found, leaves).map { ($0 ?? $1.zerosLike()).scalars(as: Double.self) }
  }

  /// For each element of input `index`, the slopes of all elements of all outputs.
  private func slopes(
    _ inputs: [Tensor], of index: Int, _ function: ([Tensor]) -> [Tensor]
  ) -> [[[Double]]] {
    let values = inputs[index].scalars(as: Double.self)
    return values.indices.map { element in
      func outputs(_ change: Double) -> [[Double]] {
        var moved = values
        moved[element] += change
        var all = inputs
        all[index] = Tensor(moved, shape: inputs[index].shape, device: inputs[index].device)
        return function(all).map { $0.detached().to(.float64).scalars(as: Double.self) }
      }
      return zip(outputs(step), outputs(-step)).map { above, below in
        zip(above, below).map { ($0 - $1) / (2 * step) }
      }
    }
  }

  /// A row-major position as indices: `[1, 0]`.
  private static func place(_ place: Int, _ shape: Shape) -> [Int] {
    let strides = Layout.rowMajor(shape)
    return shape.indices.map { place / strides[$0] % shape[$0] }
  }
}

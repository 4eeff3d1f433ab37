/// Holds the gradients of a function against differences of its values (PyTorch's `torch.autograd.gradcheck`).
///
/// `inputs` are float64, and away from kinks of the function. Each of their elements is moved by `step`, and the slope of every
/// output compared with the recorded gradient: they may differ by `absolute + relative · |slope|`. With `second`, the gradients
/// themselves are checked in the same way. Returns nil where all agree, else a text that names input, element and both
/// numbers. Traps for other dtypes.
public func gradientCheck(
  _ inputs: [Tensor], second: Bool = false, step: Double = 1e-6, absolute: Double = 1e-5,
  relative: Double = 1e-3, _ function: ([Tensor]) -> [Tensor]
) -> String? {
  for input in inputs { ShapeChecks.dtype(of: input, is: .float64, for: "gradientCheck(_:)") }
  if second {
    // The first gradients, weighed by numbers that the check varies as well.
    let outputs = withoutGradients { function(inputs) }
    let weights = outputs.map { output in
      (Tensor.arange(output.elementCount, device: output.device).to(.float64) * 0.37).sin()
        .reshaped(to: output.shape)
    }
    return gradientCheck(
      inputs + weights, step: step, absolute: absolute, relative: relative
    ) { all in
      let leaves = all.prefix(inputs.count).map { $0.node == nil ? $0.requiringGradient() : $0 }
      let found = gradients(
        of: function(Array(leaves)), withRespectTo: Array(leaves),
        gradients: Array(all.dropFirst(inputs.count)), createGraph: true)
      return zip(found, leaves).map { $0 ?? $1.zerosLike() }
    }
  }
  let leaves = inputs.map { $0.detached().requiringGradient() }
  let outputs = function(leaves)
  for (number, output) in outputs.enumerated() where output.dtype == .float64 {
    for place in 0..<output.elementCount {
      let recorded =
        output.node == nil
        ? leaves.map { _ in nil }
        : gradients(
          of: [output.flattened().selected(0, place)], withRespectTo: leaves, retainGraph: true)
      for (index, input) in inputs.enumerated() {
        let found = (recorded[index] ?? input.zerosLike()).scalars(as: Double.self)
        let values = input.scalars(as: Double.self)
        for element in values.indices {
          func value(_ change: Double) -> Double {
            var moved = values
            moved[element] += change
            var all = inputs
            all[index] = Tensor(moved, shape: input.shape, device: input.device)
            return function(all)[number].detached().element(place)
          }
          let slope = (value(step) - value(-step)) / (2 * step)
          guard abs(slope - found[element]) <= absolute + relative * abs(slope) else {
            return "output \(number), element \(place), by input \(index), element \(element): "
              + "the slope is \(slope), the gradient \(found[element])"
          }
        }
      }
    }
  }
  return nil
}

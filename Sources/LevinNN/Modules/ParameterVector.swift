internal import LevinSystem
public import LevinTensor

/// All values of parameters, one after another, as `[count]`, recorded for gradients (PyTorch's
/// `parameters_to_vector`).
///
/// Traps if dtypes or devices differ.
public func parametersToVector(_ parameters: [Parameter]) -> Tensor {
  Tensor.concatenated(parameters.map { $0.value.flattened() }, dimension: 0)
}

/// Overwrites parameters with the numbers of a vector, in the order of ``parametersToVector(_:)`` (PyTorch's
/// `vector_to_parameters`).
///
/// Traps if the vector does not have as many numbers as the parameters.
public func vectorToParameters(_ vector: Tensor, _ parameters: [Parameter]) {
  let counts = parameters.map(\.shape.elementCount)
  guard vector.shape == [counts.reduce(0, +)] else {
    fail(
      "vectorToParameters(_:_:)", "a vector \(vector.shape)",
      expected: "[\(counts.reduce(0, +))], a number for each of the parameters'")
  }
  for (parameter, part) in zip(parameters, vector.detached().split(counts, dimension: 0)) {
    parameter.assign(part.reshaped(to: parameter.shape).to(parameter.dtype))
  }
}

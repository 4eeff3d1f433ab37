internal import LevinSystem
public import LevinTensor

/// The norm of all gradients of `parameters` together (PyTorch's `get_total_norm`).
///
/// - Parameter order: 2 for the Euclidean norm, `.infinity` for the largest magnitude of an element, any other number for
///   the norm of that order.
/// - Returns: The norm, or 0 if there is no gradient.
public func gradientNorm(_ parameters: some Sequence<Parameter>, order: Double = 2) -> Double {
  let norms = parameters.compactMap { $0.gradient?.norm(order).item() }
  return norms.isEmpty ? 0 : Tensor(norms).norm(order).item()
}

/// Multiplies all gradients by `limit / (norm + 1e-6)` if the norm of all of them together exceeds `limit` (PyTorch's
/// `clip_grad_norm_`).
///
/// To clip the groups of an optimizer separately, call it with the parameters of each. If the norm is NaN, the gradients do
/// not change, so that the NaN stays visible.
/// - Returns: The norm before clipping.
@discardableResult
public func clipGradientNorm(
  _ parameters: some Sequence<Parameter>, to limit: Double, order: Double = 2
) -> Double {
  guard limit >= 0 else {
    fail("clipGradientNorm(_:to:order:)", "a limit of \(limit)", expected: "0 or more")
  }
  let parameters = Array(parameters)
  let norm = gradientNorm(parameters, order: order)
  let scale = limit / (norm + 1e-6)
  if scale < 1 {
    for parameter in parameters { parameter.update { _, gradient in gradient *= scale } }
  }
  return norm
}

/// Limits each element of all gradients to ±`limit` (PyTorch's `clip_grad_value_`).
public func clipGradientValue(_ parameters: some Sequence<Parameter>, to limit: Double) {
  guard limit >= 0 else {
    fail("clipGradientValue(_:to:)", "a limit of \(limit)", expected: "0 or more")
  }
  for parameter in parameters {
    parameter.update { _, gradient in gradient = gradient.clamped(-limit, limit) }
  }
}

/// What a parameter is computed from, where it has no values of its own (PyTorch's `nn.utils.parametrize`).
///
/// The origin holds the parameters that are trained and saved; see ``Parameter/init(computedBy:)``.
public protocol ParameterOrigin: AnyObject {
  /// The parameter's values, recorded.
  func computedValue() -> Tensor
  /// Changes what the values are computed from so that they become `value`, as far as can be.
  func assign(_ value: Tensor)
}

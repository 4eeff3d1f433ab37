/// What a parameter without its own values is computed from (PyTorch's `nn.utils.parametrize`).
///
/// The origin holds the parameters that are trained and saved; see ``Parameter/init(computedBy:)``.
public protocol ParameterOrigin: AnyObject {
  /// The parameter's values, recorded for gradients.
  func computedValue() -> Tensor
  /// Changes the origin's parameters so that the values become `value`, as closely as possible.
  func assign(_ value: Tensor)
}

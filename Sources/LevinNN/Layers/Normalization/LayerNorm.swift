public import LevinTensor

/// Layer normalization (Ba and others 2016) over the last dimensions: `(x − mean) / √(variance + epsilon) · weight +
/// bias`.
public final class LayerNorm: Layer {
  /// The factors, of the normalized shape, initially ones; nil if the layer has none.
  public var weight: Parameter?
  /// The offsets, of the normalized shape, initially zeros; nil if the layer has none.
  public var bias: Parameter?
  /// The sizes of the last dimensions of inputs.
  public let normalizedShape: Shape
  /// The number added to the variance.
  public let epsilon: Double

  /// Creates a layer for inputs whose last dimensions are `normalizedShape`.
  public init(
    _ normalizedShape: Shape, epsilon: Double = 1e-5, elementwiseAffine: Bool = true,
    bias: Bool = true
  ) {
    self.normalizedShape = normalizedShape
    self.epsilon = epsilon
    weight = elementwiseAffine ? Parameter(.ones(normalizedShape)) : nil
    self.bias = elementwiseAffine && bias ? Parameter(.zeros(normalizedShape)) : nil
  }

  /// Creates a layer for inputs whose last dimension has `size` elements.
  public convenience init(
    _ size: Int, epsilon: Double = 1e-5, elementwiseAffine: Bool = true, bias: Bool = true
  ) {
    self.init([size], epsilon: epsilon, elementwiseAffine: elementwiseAffine, bias: bias)
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.layerNorm(normalizedShape, weight: weight?.value, bias: bias?.value, epsilon: epsilon)
  }
}

/// Division by the root of the mean square over the last dimensions (Zhang and Sennrich 2019), times a weight.
public final class RMSNorm: Layer {
  /// The factors, of the normalized shape, initially ones; nil if the layer has none.
  public var weight: Parameter?
  /// The sizes of the last dimensions of inputs.
  public let normalizedShape: Shape
  /// The number added to the mean square; nil for the distance from 1 to the next larger number of the input's dtype.
  public let epsilon: Double?

  /// Creates a layer for inputs whose last dimensions are `normalizedShape`.
  public init(_ normalizedShape: Shape, epsilon: Double? = nil, elementwiseAffine: Bool = true) {
    self.normalizedShape = normalizedShape
    self.epsilon = epsilon
    weight = elementwiseAffine ? Parameter(.ones(normalizedShape)) : nil
  }

  /// Creates a layer for inputs whose last dimension has `size` elements.
  public convenience init(_ size: Int, epsilon: Double? = nil, elementwiseAffine: Bool = true) {
    self.init([size], epsilon: epsilon, elementwiseAffine: elementwiseAffine)
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.rmsNorm(normalizedShape, weight: weight?.value, epsilon: epsilon)
  }
}

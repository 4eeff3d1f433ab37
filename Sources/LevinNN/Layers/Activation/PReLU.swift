public import LevinTensor

/// x, or `weight x` below 0, with a learned weight (He and others 2015).
///
/// With one weight for each channel the input is `[batch, channels, …]`.
public final class PReLU: Layer {
  /// The slopes below 0, `[parameterCount]`.
  public var weight: Parameter

  /// Creates a layer with one weight, or one for each channel; all start at `initialValue`.
  public init(_ parameterCount: Int = 1, initialValue: Double = 0.25) {
    weight = Parameter(.full([parameterCount], initialValue))
  }

  public override func forward(_ input: Tensor) -> Tensor { input.prelu(weight.value) }
}

/// The randomized leaky ReLU (Xu and others 2015).
///
/// It returns x above 0, and otherwise x times a slope: in training a random one in `lower…upper`, in evaluation the
/// middle of that range.
public final class RReLU: Layer {
  /// The least slope.
  public let lower: Double
  /// The largest slope.
  public let upper: Double

  /// Creates the layer; the defaults are PyTorch's.
  public init(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3) {
    self.lower = lower
    self.upper = upper
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.rrelu(lower: lower, upper: upper, training: isTraining)
  }
}

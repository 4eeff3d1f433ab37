public import LevinTensor

/// x, and `weight x` below 0, where the weight is learned (He and others 2015).
///
/// With one weight for each channel the input is `[batch, channels, …]`.
public final class PReLU: Layer {
  /// `[parameterCount]`.
  public var weight: Parameter

  /// A layer of one weight, or of one for each channel; all start at `initialValue`.
  public init(_ parameterCount: Int = 1, initialValue: Double = 0.25) {
    weight = Parameter(.full([parameterCount], initialValue))
  }

  public override func forward(_ input: Tensor) -> Tensor { input.prelu(weight.value) }
}

/// The randomized leaky ReLU (Xu and others 2015): x, and in training a random slope in `lower…upper` at 0 and below, the middle
/// of that range in evaluation.
public final class RReLU: Layer {
  /// The least slope.
  public let lower: Double
  /// The largest slope.
  public let upper: Double

  /// A layer with PyTorch's defaults.
  public init(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3) {
    self.lower = lower
    self.upper = upper
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.rrelu(lower: lower, upper: upper, training: isTraining)
  }
}

public import LevinTensor

extension Init {
  /// Which number of a weight's connections scales its variance.
  public enum FanMode: Sendable {
    /// The connections into an output: this preserves the variance in the forward pass.
    case fanIn
    /// The connections out of an input: this preserves the variance in the backward pass.
    case fanOut
  }

  /// The nonlinearity that follows a layer.
  public enum Nonlinearity: Sendable {
    /// None, or another linear layer or convolution.
    case linear
    /// A logistic function.
    case sigmoid
    /// A hyperbolic tangent.
    case tanh
    /// A ReLU: the gain is √2 (He et al. 2015).
    case relu
    /// A leaky ReLU: √(2 / (1 + slope²)).
    case leakyReLU
    /// A SELU: 3/4, as in PyTorch.
    case selu
  }

  /// The factor by which the standard deviation of weights is scaled for a nonlinearity (PyTorch's `calculate_gain`).
  ///
  /// `slope` is the slope of a leaky ReLU below 0.
  public static func gain(_ nonlinearity: Nonlinearity, _ slope: Double = 0.01) -> Double {
    switch nonlinearity {
    case .linear, .sigmoid: 1
    case .tanh: 5.0 / 3
    case .relu: 2.0.squareRoot()
    case .leakyReLU: (2.0 / (1 + slope * slope)).squareRoot()
    case .selu: 3.0 / 4
    }
  }

  /// The numbers of connections into an output and out of an input of a weight `[out, in, …]`; traps for vectors.
  public static func fans(of shape: Shape) -> (in: Int, out: Int) { fans(of: shape, for: "fans") }

  static func fans(of shape: Shape, for name: String) -> (in: Int, out: Int) {
    check(shape, name, "[out, in, …]") { $0 >= 2 }
    let area = shape.dropFirst(2).reduce(1, *)
    return (shape[1] * area, shape[0] * area)
  }
}

public import LevinTensor

extension Init {
  /// Which of a weight's two numbers of connections counts.
  public enum FanMode: Sendable {
    /// Those that lead into an output: the variance of what goes forward stays.
    case fanIn
    /// Those that lead out of an input: the variance of what goes backward stays.
    case fanOut
  }

  /// What follows a layer.
  public enum Nonlinearity: Sendable {
    /// Nothing, or a convolution or a linear layer.
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

  /// The factor that a nonlinearity asks of the deviation of weights (PyTorch's `calculate_gain`); `slope` is that of a leaky ReLU
  /// below 0.
  public static func gain(_ nonlinearity: Nonlinearity, _ slope: Double = 0.01) -> Double {
    switch nonlinearity {
    case .linear, .sigmoid: 1
    case .tanh: 5.0 / 3
    case .relu: 2.0.squareRoot()
    case .leakyReLU: (2.0 / (1 + slope * slope)).squareRoot()
    case .selu: 3.0 / 4
    }
  }

  /// How many connections lead into an output and out of an input of a weight `[out, in, …]`; traps for vectors.
  public static func fans(of shape: Shape) -> (in: Int, out: Int) { fans(of: shape, for: "fans") }

  static func fans(of shape: Shape, for name: String) -> (in: Int, out: Int) {
    check(shape, name, "[out, in, …]") { $0 >= 2 }
    let area = shape.dropFirst(2).reduce(1, *)
    return (shape[1] * area, shape[0] * area)
  }
}

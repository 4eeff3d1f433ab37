internal import LevinSystem
public import LevinTensor

/// Initial values for parameters (PyTorch's `torch.nn.init`), drawn from the same random stream as PyTorch's.
///
///     layer.weight.assign(Init.xavierUniform(layer.weight.shape))
///
/// PyTorch's functions fill a tensor; these create one of a given shape, in float32. Uniform numbers equal PyTorch's
/// bit for bit; numbers derived from normal ones agree within 1e-6 of their scale.
public enum Init {
  /// Uniform numbers in low..<high.
  public static func uniform(
    _ shape: Shape, _ low: Double = 0, _ high: Double = 1, generator: Generator = .default
  ) -> Tensor {
    isSkipping ? .zeros(shape) : .uniform(shape, low, high, generator: generator)
  }

  /// Normal numbers.
  public static func normal(
    _ shape: Shape, mean: Double = 0, deviation: Double = 1, generator: Generator = .default
  ) -> Tensor {
    isSkipping
      ? .zeros(shape) : .normal(shape, mean: mean, deviation: deviation, generator: generator)
  }

  /// The same number everywhere.
  public static func constant(_ shape: Shape, _ value: Double) -> Tensor { .full(shape, value) }

  /// 1 everywhere, as for the weight of a normalization (PyTorch's `ones_`).
  public static func ones(_ shape: Shape) -> Tensor { .ones(shape) }

  /// 0 everywhere, as for a bias (PyTorch's `zeros_`).
  public static func zeros(_ shape: Shape) -> Tensor { .zeros(shape) }

  /// The identity matrix; traps unless the shape is that of a matrix.
  public static func eye(_ shape: Shape) -> Tensor {
    check(shape, "eye", "[rows, columns]") { $0 == 2 }
    return .eye(shape[0], shape[1])
  }

  /// The identity of a convolution `[out, in, …]` of one to three dimensions, in each group: as many channels as
  /// possible pass unchanged.
  ///
  /// Traps unless the groups divide the output channels.
  public static func dirac(_ shape: Shape, groups: Int = 1) -> Tensor {
    check(shape, "dirac", "[out, in, …] of 3 to 5 dimensions") { (3...5).contains($0) }
    guard groups > 0, shape[0] % groups == 0 else {
      fail(
        "Init.dirac(\(shape))", "\(groups) groups", expected: "a divisor of \(shape[0])")
    }
    let own = shape[0] / groups
    let center = shape.dropFirst(2).reduce(0) { $0 * $1 + $1 / 2 }
    let area = shape.dropFirst(2).reduce(1, *)
    var values = [Float](repeating: 0, count: shape.elementCount)
    for group in 0..<groups {
      for channel in 0..<min(own, shape[1]) {
        values[((group * own + channel) * shape[1] + channel) * area + center] = 1
      }
    }
    return Tensor(values, shape: shape)
  }

  /// Uniform numbers whose variance is `2 gain² / (fan in + fan out)` (Glorot and Bengio 2010).
  public static func xavierUniform(
    _ shape: Shape, gain: Double = 1, generator: Generator = .default
  ) -> Tensor {
    let bound = 3.0.squareRoot() * xavierDeviation(shape, gain, "xavierUniform")
    return uniform(shape, -bound, bound, generator: generator)
  }

  /// Normal numbers whose variance is `2 gain² / (fan in + fan out)` (Glorot and Bengio 2010).
  public static func xavierNormal(
    _ shape: Shape, gain: Double = 1, generator: Generator = .default
  ) -> Tensor {
    normal(
      shape, mean: 0, deviation: xavierDeviation(shape, gain, "xavierNormal"), generator: generator)
  }

  private static func xavierDeviation(_ shape: Shape, _ gain: Double, _ name: String) -> Double {
    let fan = fans(of: shape, for: name)
    return gain * (2.0 / Double(fan.in + fan.out)).squareRoot()
  }

  /// Uniform numbers whose variance is `gain² / fan` (He and others 2015).
  ///
  /// The gain is that of the nonlinearity that follows; `a` is the slope of a leaky ReLU below 0.
  public static func kaimingUniform(
    _ shape: Shape, a: Double = 0, mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .leakyReLU,
    generator: Generator = .default
  ) -> Tensor {
    let bound =
      3.0.squareRoot() * kaimingDeviation(shape, a, mode, nonlinearity, "kaimingUniform")
    return uniform(shape, -bound, bound, generator: generator)
  }

  /// Normal numbers whose variance is `gain² / fan` (He and others 2015).
  ///
  /// The gain is that of the nonlinearity that follows; `a` is the slope of a leaky ReLU below 0.
  public static func kaimingNormal(
    _ shape: Shape, a: Double = 0, mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .leakyReLU,
    generator: Generator = .default
  ) -> Tensor {
    let deviation = kaimingDeviation(shape, a, mode, nonlinearity, "kaimingNormal")
    return normal(shape, deviation: deviation, generator: generator)
  }

  private static func kaimingDeviation(
    _ shape: Shape, _ a: Double, _ mode: FanMode, _ nonlinearity: Nonlinearity, _ name: String
  ) -> Double {
    let fan = fans(of: shape, for: name)
    return gain(nonlinearity, a) / Double(mode == .fanIn ? fan.in : fan.out).squareRoot()
  }

  /// Normal numbers in a matrix; in each column a fraction `sparsity` of them, rounded up, is 0 (Martens 2010).
  public static func sparse(
    _ shape: Shape, sparsity: Double, deviation: Double = 0.01, generator: Generator = .default
  ) -> Tensor {
    check(shape, "sparse", "[rows, columns]") { $0 == 2 }
    guard 0...1 ~= sparsity else {
      fail("Init.sparse(\(shape))", "sparsity \(sparsity)", expected: "0…1")
    }
    let (rows, columns) = (shape[0], shape[1])
    var values = normal(shape, deviation: deviation, generator: generator)
      .scalars(as: Float.self)
    let zeros = Int((sparsity * Double(rows)).rounded(.up))
    for column in 0..<columns {
      for row in (isSkipping ? [] : generator.permutation(rows)).prefix(zeros) {
        values[row * columns + column] = 0
      }
    }
    return Tensor(values, shape: shape)
  }

  static func check(
    _ shape: Shape, _ name: String, _ expected: String, _ isRight: (_ rank: Int) -> Bool
  ) {
    guard !isRight(shape.rank) else { return }
    fail("Init.\(name)", "shape \(shape)", expected: expected)
  }
}

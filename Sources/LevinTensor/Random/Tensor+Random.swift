internal import LevinSystem

// Random numbers, drawn as PyTorch's CPU generator draws them, bit for bit. The exceptions are 16 or more normal
// numbers, which PyTorch computes with its own vector functions (they agree within 1e-6), and draws without
// replacement.

extension Tensor {
  /// Uniform numbers in 0..<1, equal to `torch.rand`.
  public static func rand(
    _ shape: Shape, dtype: DType = .default, generator: Generator = .default
  ) -> Tensor {
    uniform(shape, 0, 1, dtype: dtype, generator: generator)
  }

  /// Uniform numbers in low..<high, equal to `Tensor.uniform_` on processors with fused multiply-add.
  public static func uniform(
    _ shape: Shape, _ low: Double, _ high: Double, dtype: DType = .default,
    generator: Generator = .default
  ) -> Tensor {
    guard low <= high else {
      fail(
        "uniform(_:_:_:)", "\(low) to \(high)", expected: "a first end that is not above the second"
      )
    }
    if dtype == .float64 {
      return filled(shape) { low.addingProduct(generator.uniformDouble(), high - low) }
    }
    return Tensor(shape: shape, dtype: .float32) { bytes in
      Kernels.uniform(
        generator, Float(low), Float(high) - Float(low), into: bytes.bindMemory(to: Float.self))
    }.converted(to: dtype)
  }

  /// Normal numbers with mean 0 and standard deviation 1 (`torch.randn`).
  public static func randn(
    _ shape: Shape, dtype: DType = .default, generator: Generator = .default
  ) -> Tensor {
    normal(shape, mean: 0, deviation: 1, dtype: dtype, generator: generator)
  }

  /// Normal numbers, by the Box–Muller method.
  ///
  /// Traps if the standard deviation is negative.
  public static func normal(
    _ shape: Shape, mean: Double, deviation: Double, dtype: DType = .default,
    generator: Generator = .default
  ) -> Tensor {
    guard deviation >= 0 else {
      fail("normal(_:mean:deviation:)", "deviation \(deviation)", expected: "0 or more")
    }
    let count = shape.elementCount
    if count < 16 {
      let values = (0..<count).map { _ in generator.normal() * deviation + mean }
      return
        (dtype == .float64
        ? Tensor(values, shape: shape) : Tensor(values.map { Float($0) }, shape: shape)).converted(
          to: dtype)
    }
    return Tensor(shape: shape, dtype: dtype == .float64 ? .float64 : .float32) { bytes in
      if dtype == .float64 {
        fillNormal(bytes.bindMemory(to: Double.self), count, mean, deviation) {
          generator.uniformDouble()
        }
      } else {
        Kernels.normal(
          generator, mean: Float(mean), deviation: Float(deviation),
          into: bytes.bindMemory(to: Float.self))
      }
    }.converted(to: dtype)
  }

  /// Normal numbers, each with its own mean and standard deviation, which broadcast.
  public static func normal(
    mean: Tensor, deviation: Tensor, generator: Generator = .default
  ) -> Tensor {
    let shape = ShapeChecks.broadcast(mean, deviation, for: "normal(mean:deviation:)")
    let dtype = DType.result(mean, deviation)
    let device = ShapeChecks.device(of: [mean, deviation], for: "normal(mean:deviation:)")
    return randn(shape, dtype: dtype, generator: generator).to(device) * deviation + mean
  }

  /// Turns uniform numbers into normal ones in blocks of 16; the last block overlaps the one before.
  private static func fillNormal(
    _ values: UnsafeMutableBufferPointer<Double>, _ count: Int, _ mean: Double, _ deviation: Double,
    draw: () -> Double
  ) {
    for i in 0..<count { values[i] = draw() }
    func turn(_ first: Int) {
      for j in first..<(first + 8) {
        let radius = (-2 * (1 - values[j]).naturalLogarithm).squareRoot()
        let (sine, cosine) = (2 * Double.pi * values[j + 8]).sineAndCosine
        values[j] = radius * cosine * deviation + mean
        values[j + 8] = radius * sine * deviation + mean
      }
    }
    for start in Swift.stride(from: 0, through: count - 16, by: 16) { turn(start) }
    guard count % 16 != 0 else { return }
    for i in (count - 16)..<count { values[i] = draw() }
    turn(count - 16)
  }

  /// Integers in `range`, equal to `torch.randint`.
  public static func randint(
    _ range: Range<Int>, _ shape: Shape, dtype: DType = .int64, generator: Generator = .default
  ) -> Tensor {
    guard !range.isEmpty else {
      fail("randint(_:_:)", "\(range)", expected: "a range that is not empty")
    }
    let width = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    let isWide = width >= 1 << 32
    return filled(shape) {
      let draw = isWide ? generator.random64() : UInt64(generator.random32())
      return Int64(range.lowerBound) &+ Int64(truncatingIfNeeded: draw % width)
    }.converted(to: dtype)
  }

  /// The integers from 0 on in random order, int64, equal to `torch.randperm`.
  public static func randperm(_ count: Int, generator: Generator = .default) -> Tensor {
    Tensor(shape: [count], dtype: .int64) { bytes in
      Kernels.permutation(generator, into: bytes.bindMemory(to: Int64.self))
    }
  }

  /// 1 with the probability in each element of this tensor, otherwise 0, equal to `torch.bernoulli`.
  ///
  /// Traps for probabilities outside 0…1.
  public func bernoulli(generator: Generator = .default) -> Tensor {
    let probabilities = to(.float64).scalars(as: Double.self)
    for p in probabilities where !(0...1 ~= p) {
      fail("bernoulli()", "probability \(p)", expected: "0…1")
    }
    let isDouble = dtype == .float64
    let values = probabilities.map { p -> Bool in
      isDouble ? generator.uniformDouble() < p : generator.uniformFloat() < Float(p)
    }
    return Tensor(values, shape: shape, device: device).to(dtype)
  }

  /// Indices drawn with the weights in the last dimension, int64, as `torch.multinomial` draws them (without
  /// replacement, as on processors other than Intel's, for which PyTorch draws differently).
  ///
  /// Traps for negative weights, for a sum of 0, and for more draws than weights without replacement.
  public func multinomial(
    _ count: Int, replacement: Bool = false, generator: Generator = .default
  ) -> Tensor {
    guard rank == 1 || rank == 2, let size = shape.last, size > 0, count > 0,
      replacement || count <= size
    else {
      fail(
        "multinomial(_:)", "\(count) draws from weights \(shape)",
        expected: "weights [size] or [rows, size], and at most size draws without replacement")
    }
    let weights = to(.float64).scalars(as: Double.self)
    var indices: [Int64] = []
    for row in 0..<(elementCount / size) {
      let own = weights[row * size..<(row + 1) * size]
      guard own.allSatisfy({ $0 >= 0 && $0.isFinite }), own.contains(where: { $0 > 0 }) else {
        fail(
          "multinomial(_:)", "weights \(own.prefix(8).map { $0 })",
          expected: "numbers of 0 or more, with a sum above 0")
      }
      // With a single draw, replacement makes no difference.
      indices +=
        replacement && count > 1
        ? Self.draws(count, from: own, generator) : Self.distinctDraws(count, from: own, generator)
    }
    return Tensor(indices, shape: Shape(Array(shape.dropLast()) + [count]), device: device)
  }

  /// Looks up uniform numbers in the running sum of the weights.
  private static func draws(
    _ count: Int, from weights: ArraySlice<Double>, _ generator: Generator
  ) -> [Int64] {
    var sum = 0.0
    var limits: [Double] = []
    for weight in weights {
      sum += weight
      limits.append(sum)
    }
    return (0..<count).map { _ in
      let draw = generator.uniformDouble()
      var (low, high) = (0, limits.count)
      while high > low {
        let middle = low + (high - low) / 2
        if limits[middle] / sum < draw { low = middle + 1 } else { high = middle }
      }
      return Int64(Swift.min(low, limits.count - 1))
    }
  }

  /// The indices of the largest values of weight / exponential number (Efraimidis and Spirakis 2006), in descending order.
  private static func distinctDraws(
    _ count: Int, from weights: ArraySlice<Double>, _ generator: Generator
  ) -> [Int64] {
    let keys = weights.map { $0 / -(1 - generator.uniformDouble()).naturalLogarithm }
    return Tensor(keys, device: .cpu).topK(count).indices.scalars(as: Int64.self)
  }

  private static func filled<Scalar: TensorScalar>(_ shape: Shape, _ draw: () -> Scalar) -> Tensor {
    Tensor(shape: shape, dtype: Scalar.dtype) { bytes in
      let elements = bytes.bindMemory(to: Scalar.self)
      for i in elements.indices { elements[i] = draw() }
    }
  }
}

extension Tensor {
  /// A tensor whose elements `initialize` writes, all of them.
  public init(
    shape: Shape, dtype: DType = .float32,
    initializingWith initialize: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    self.init(uninitialized: shape, dtype)
    try initialize(UnsafeMutableRawBufferPointer(start: rawPointer, count: byteCount))
  }

  /// A tensor of `scalars` in row-major order, `[scalars.count]` unless `shape` says otherwise.
  ///
  /// Traps where the shape has another number of elements.
  public init<Scalar: TensorScalar>(_ scalars: [Scalar], shape: Shape? = nil) {
    let shape = shape ?? [scalars.count]
    ShapeChecks.count(scalars.count, fills: shape)
    self.init(shape: shape, dtype: Scalar.dtype) { bytes in
      scalars.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
  }

  /// A scalar: a tensor of rank 0.
  public init<Scalar: TensorScalar>(_ scalar: Scalar) { self.init([scalar], shape: []) }

  /// A float32 tensor full of `value`.
  public static func full(_ shape: Shape, _ value: Float) -> Tensor {
    let result = Tensor(uninitialized: shape)
    Kernels.fill(result, value)
    return result
  }

  /// A float32 tensor full of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { full(shape, 0) }

  /// A float32 tensor full of ones.
  public static func ones(_ shape: Shape) -> Tensor { full(shape, 1) }

  /// 0, 1, … up to `count - 1`, int64.
  public static func arange(_ count: Int) -> Tensor { Tensor((0..<count).map { Int64($0) }) }

  /// Uniform float32 numbers in 0..<1, equal to `torch.rand`.
  public static func rand(_ shape: Shape, generator: Generator = .default) -> Tensor {
    uniform(shape, 0, 1, generator: generator)
  }

  /// Uniform float32 numbers in low..<high, equal to `Tensor.uniform_` on processors with fused multiply-add.
  public static func uniform(
    _ shape: Shape, _ low: Float, _ high: Float, generator: Generator = .default
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let width = high - low
    for i in 0..<result.elementCount {
      result.floats[i] = low.addingProduct(generator.uniformFloat(), width)
    }
    return result
  }
}

internal import LevinSystem

// Tensors are created on `device` if given, otherwise on that of `withDevice(_:_:)`, or on the CPU.

extension Tensor {
  /// Creates a tensor of `scalars` in row-major order, of the shape `[scalars.count]` by default.
  ///
  /// Traps if the shape has another number of elements.
  public init<Scalar: TensorScalar>(
    _ scalars: [Scalar], shape: Shape? = nil, device: Device? = nil
  ) {
    let shape = shape ?? [scalars.count]
    ShapeChecks.count(scalars.count, fills: shape)
    self.init(shape: shape, dtype: Scalar.dtype, device: device) { bytes in
      scalars.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
  }

  /// Creates a matrix from rows of equal length.
  public init<Scalar: TensorScalar>(_ rows: [[Scalar]], device: Device? = nil) {
    for row in rows where row.count != rows[0].count {
      fail(
        "Tensor(_:)", "rows of \(rows[0].count) and \(row.count) scalars", expected: "one length")
    }
    self.init(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0], device: device)
  }

  /// Creates a scalar: a tensor of rank 0.
  public init<Scalar: TensorScalar>(_ scalar: Scalar, device: Device? = nil) {
    self = Tensor(host: scalar).to(device ?? .current)
  }

  /// A tensor filled with `value`; its dtype is by default the number's own (bool, int64, or the default
  /// floating-point type).
  public static func full(
    _ shape: Shape, _ value: some TensorNumber, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    let result = Tensor(
      uninitialized: shape, dtype ?? value.number.dtype, on: device ?? .current)
    Kernels.fill(result, with: value.number)
    return result
  }

  /// A tensor filled with zeros.
  public static func zeros(_ shape: Shape, dtype: DType = .default, device: Device? = nil) -> Tensor
  {
    full(shape, 0, dtype: dtype, device: device)
  }

  /// A tensor filled with ones.
  public static func ones(_ shape: Shape, dtype: DType = .default, device: Device? = nil) -> Tensor
  {
    full(shape, 1, dtype: dtype, device: device)
  }

  /// Zeros of this tensor's shape, dtype and device.
  public func zerosLike() -> Tensor { Tensor.zeros(shape, dtype: dtype, device: device) }
  /// Ones of this tensor's shape, dtype and device.
  public func onesLike() -> Tensor { Tensor.ones(shape, dtype: dtype, device: device) }
  /// A tensor of this one's shape, dtype and device, filled with `value`.
  public func fullLike(_ value: some TensorNumber) -> Tensor {
    Tensor.full(shape, value, dtype: dtype, device: device)
  }

  /// 0, 1, … up to `count - 1`, int64.
  public static func arange(_ count: Int, device: Device? = nil) -> Tensor {
    arange(0, count, device: device)
  }

  /// `start`, `start + step`, … below `end` (above it if the step is negative).
  ///
  /// The dtype is by default int64 for integers and otherwise the default floating-point type. Traps if the step
  /// leads away from the end.
  public static func arange<N: TensorNumber>(
    _ start: N, _ end: N, step: N? = nil, dtype: DType? = nil, device: Device? = nil
  ) -> Tensor {
    if case .int(let first) = start.number, case .int(let last) = end.number {
      let step = step.map { Int64($0.number.double) } ?? 1
      ShapeChecks.leads(from: Double(first), to: Double(last), Double(step))
      let values = Array(Swift.stride(from: first, to: last, by: Int(step)))
      return Tensor(values, device: device).converted(to: dtype ?? .int64)
    }
    let (first, last) = (start.number.double, end.number.double)
    let step = step?.number.double ?? 1
    ShapeChecks.leads(from: first, to: last, step)
    let count = Int(((last - first) / step).rounded(.up))
    if let dtype, !dtype.isFloatingPoint {
      // Integers start at the integer part of `start`, and increase by that of `step`; 64-bit ones end at the integer
      // part of `end`.
      let (start, stride) = (Int64(first), Int64(step))
      if dtype == .int64, stride != 0 {
        return arange(Int(start), Int(last), step: Int(stride), device: device)
      }
      return Tensor((0..<Int64(count)).map { start + $0 * stride }, device: device)
        .converted(to: dtype)
    }
    return Tensor((0..<count).map { first + Double($0) * step }, device: device)
      .converted(to: dtype ?? .default)
  }

  /// `count` evenly spaced numbers from `start` to `end`, both included.
  public static func linspace(
    _ start: Double, _ end: Double, count: Int, dtype: DType = .default, device: Device? = nil
  ) -> Tensor {
    guard count >= 0 else {
      fail("linspace(_:_:count:)", "\(count) numbers", expected: "0 or more")
    }
    // Integers lie between the integer parts of the ends.
    let (start, end) =
      dtype.isFloatingPoint ? (start, end) : (start.rounded(.towardZero), end.rounded(.towardZero))
    let step = count > 1 ? (end - start) / Double(count - 1) : 0
    // Computed from both ends, so that the last number is exactly `end`.
    let values = (0..<count).map { i in
      i < count / 2 || count == 1
        ? start + step * Double(i) : end - step * Double(count - 1 - i)
    }
    return Tensor(values, device: device).converted(to: dtype)
  }

  /// `count` numbers whose logarithms to `base` are evenly spaced, from `base` to the power of `start` to `base` to
  /// the power of `end`.
  public static func logspace(
    _ start: Double, _ end: Double, count: Int, base: Double = 10, dtype: DType = .float32
  ) -> Tensor {
    guard count >= 0 else {
      fail("logspace(_:_:count:)", "\(count) numbers", expected: "0 or more")
    }
    // Integers lie between the powers of the ends' integer parts.
    let isWhole = !dtype.isFloatingPoint
    let ends = [start, end].map { isWhole ? $0.rounded(.towardZero) : $0 }
    return power(base, linspace(ends[0], ends[1], count: count, dtype: .float64)).to(dtype)
  }

  /// The rows and columns of the elements on and below the diagonal, shifted by `offset`, of a matrix: `[2, count]`.
  public static func lowerTriangleIndices(
    _ rows: Int, _ columns: Int, offset: Int = 0, dtype: DType = .int64
  ) -> Tensor {
    full([rows, columns], true).lowerTriangle(diagonal: offset).nonzero().transposed().to(dtype)
      .contiguous()
  }

  /// The rows and columns of the elements on and above the diagonal, shifted by `offset`, of a matrix: `[2, count]`.
  public static func upperTriangleIndices(
    _ rows: Int, _ columns: Int, offset: Int = 0, dtype: DType = .int64
  ) -> Tensor {
    full([rows, columns], true).upperTriangle(diagonal: offset).nonzero().transposed().to(dtype)
      .contiguous()
  }

  /// A matrix with ones on its diagonal.
  ///
  /// Traps for negative sizes.
  public static func eye(
    _ rows: Int, _ columns: Int? = nil, dtype: DType = .default, device: Device? = nil
  ) -> Tensor {
    guard rows >= 0, columns ?? 0 >= 0 else {
      fail(
        "eye(_:_:)", "\(rows) rows and \(columns ?? rows) columns", expected: "0 or more")
    }
    return Observation.quietly {
      let places = arange(rows, device: device).unsqueezed(1)
      return (places .== arange(columns ?? rows, device: device)).to(dtype)
    }
  }
}

internal import CLevinKernels
internal import LevinSystem

// Comparisons and truth values. The operators have a dot, like those of SIMD vectors, because the result is a tensor.

extension Tensor {
  /// Whether elements are equal; bool.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { comparison(.equal, ".==", a, b) }
  /// Whether elements differ; bool.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { comparison(.notEqual, ".!=", a, b) }
  /// Whether elements are less; bool.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { comparison(.less, ".<", a, b) }
  /// Whether elements are less or equal; bool.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { comparison(.lessOrEqual, ".<=", a, b) }
  /// Whether elements are greater; bool.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { comparison(.greater, ".>", a, b) }
  /// Whether elements are greater or equal; bool.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor {
    comparison(.greaterOrEqual, ".>=", a, b)
  }

  /// Whether elements equal a number; bool.
  public static func .== (a: Tensor, b: some TensorNumber) -> Tensor { a .== a.scalar(b.number) }
  /// Whether elements differ from a number; bool.
  public static func .!= (a: Tensor, b: some TensorNumber) -> Tensor { a .!= a.scalar(b.number) }
  /// Whether elements are less than a number; bool.
  public static func .< (a: Tensor, b: some TensorNumber) -> Tensor { a .< a.scalar(b.number) }
  /// Whether elements are at most a number; bool.
  public static func .<= (a: Tensor, b: some TensorNumber) -> Tensor { a .<= a.scalar(b.number) }
  /// Whether elements are greater than a number; bool.
  public static func .> (a: Tensor, b: some TensorNumber) -> Tensor { a .> a.scalar(b.number) }
  /// Whether elements are at least a number; bool.
  public static func .>= (a: Tensor, b: some TensorNumber) -> Tensor { a .>= a.scalar(b.number) }

  /// Whether both are true, that is, not zero; bool.
  public static func .& (a: Tensor, b: Tensor) -> Tensor { comparison(.and, ".&", a, b) }
  /// Whether either is true, that is, not zero; bool.
  public static func .| (a: Tensor, b: Tensor) -> Tensor { comparison(.or, ".|", a, b) }
  /// Whether exactly one is true, that is, not zero; bool.
  public static func .^ (a: Tensor, b: Tensor) -> Tensor { comparison(.xor, ".^", a, b) }
  /// Whether elements are zero; bool.
  public static prefix func .! (x: Tensor) -> Tensor { x .== 0 }

  /// Whether elements are NaN; bool.
  public func isNaN() -> Tensor {
    composed("isNaN()", [self]) { self .!= self }
  }

  /// Whether elements are infinite; bool.
  public func isInfinite() -> Tensor {
    composed("isInfinite()", [self]) {
      dtype.isFloatingPoint ? absolute() .== Double.infinity : falseLike()
    }
  }

  /// Whether elements are neither infinite nor NaN; bool.
  public func isFinite() -> Tensor {
    composed("isFinite()", [self]) {
      dtype.isFloatingPoint ? absolute() .< Double.infinity : .!falseLike()
    }
  }

  private func falseLike() -> Tensor { Tensor.full(shape, false, device: device) }

  /// Whether elements are close: |a − b| ≤ absolute + relative · |b|; bool.
  public func isClose(
    to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8, equalNaN: Bool = false
  ) -> Tensor {
    guard relative >= 0, absolute >= 0 else {
      fail(
        "isClose(to:)", "tolerances \(relative) and \(absolute)", expected: "0 or more")
    }
    return composed("isClose(to:)", [self, other]) {
      let (a, b) = withoutGradients { (detached(), other.detached()) }
      var close = a .== b
      if equalNaN { close = close .| (a.isNaN() .& b.isNaN()) }
      if relative == 0, absolute == 0 { return close }
      let isFloat = DType.result(a, b).isFloatingPoint
      let (x, y) = isFloat ? (a, b) : (a.to(.float64), b.to(.float64))
      let allowed = absolute + (y * relative).absolute()
      let difference = (x - y).absolute()
      return close .| (difference.isFinite() .& (difference .<= allowed))
    }
  }

  /// Whether all elements are close; see ``isClose(to:relative:absolute:equalNaN:)``.
  public func allClose(
    to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8, equalNaN: Bool = false
  ) -> Bool {
    isClose(to: other, relative: relative, absolute: absolute, equalNaN: equalNaN).all().item() != 0
  }

  /// `a` where the condition (bool) is true, otherwise `b`; shapes broadcast, dtypes are promoted.
  public static func `where`(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    ShapeChecks.dtype(of: condition, is: .bool, for: "where(_:_:_:)")
    if Tape.isObserved {
      return Observation.whole("where(_:_:_:)", [condition, a, b]) { Self.where(condition, a, b) }
    }
    let dtype = DType.result(a, b)
    let shape = ShapeChecks.broadcast(
      condition.shape, ShapeChecks.broadcast(a.shape, b.shape, for: "where(_:_:_:)"),
      for: "where(_:_:_:)")
    let result = Tensor(elementwise: shape, dtype, of: condition, a, b, for: "where(_:_:_:)")
    Kernels.choose(condition, a, b, into: result)
    guard Tape.records(a, b) else { return result }
    return result.recorded(
      GradientNode("where(_:_:_:)", a.edge(fitting: result), b.edge(fitting: result)) {
        step in
        let gradient = step.gradient
        let zeros = Tensor(.int(0), dtype: gradient.dtype)
        step.give(0, Tensor.where(condition, gradient, zeros))
        step.give(1, Tensor.where(condition, zeros, gradient))
      })
  }

  /// The elements, with `value` where the mask (bool) is true.
  public func maskedFill(_ mask: Tensor, with value: some TensorNumber) -> Tensor {
    composed("maskedFill(_:with:)", [self, mask], [.init("value", .double(value.number.double))]) {
      Tensor.where(mask, Tensor(value.number, dtype: dtype), self)
    }
  }

  /// The elements, with the value of a scalar tensor where the mask (bool) is true; its gradient is the sum over
  /// those elements.
  public func maskedFill(_ mask: Tensor, with value: Tensor) -> Tensor {
    guard value.rank == 0 else {
      fail(
        "maskedFill(_:with:)", "a value of shape \(value.shape)", expected: "a scalar")
    }
    return Tensor.where(mask, value.to(dtype), self)
  }
}

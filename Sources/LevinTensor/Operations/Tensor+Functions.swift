internal import CLevinKernels

// Elementwise functions of one tensor.

extension Tensor {
  /// `max(x, 0)`.
  public func relu() -> Tensor {
    unary(.relu, "relu()") { saving, result in
      let y = saving.output(result)
      return { step in step.give(0, step.gradient.masked(byReLU: step[y])) }
    }
  }

  /// This gradient where a ReLU's output is above 0, otherwise 0.
  func masked(byReLU output: Tensor) -> Tensor {
    Self.binary(.reluGradient, "relu()", self, output.detached()) { saving, result in
      let y = saving.input(1, output, for: 0)
      return { step in step.give(0, step.gradient.masked(byReLU: step[y])) }
    }
  }

  /// The exponential.
  public func exp() -> Tensor {
    unary(.exp, "exp()", floating: true) { saving, result in
      let y = saving.output(result)
      return { step in step.give(0, step.gradient * step[y]) }
    }
  }

  /// `exp(x) − 1`, accurate near 0.
  public func expm1() -> Tensor {
    unary(.expm1, "expm1()", floating: true) { saving, result in
      let y = saving.output(result)
      return { step in step.give(0, step.gradient * (step[y] + 1)) }
    }
  }

  /// The natural logarithm.
  public func log() -> Tensor {
    unary(.log, "log()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient / step[x]) }
    }
  }

  /// The logarithm to base 2.
  public func log2() -> Tensor {
    unary(.log2, "log2()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient / (step[x] * 0.693_147_180_559_945_3)) }
    }
  }

  /// The logarithm to base 10.
  public func log10() -> Tensor {
    unary(.log10, "log10()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient / (step[x] * 2.302_585_092_994_046)) }
    }
  }

  /// `log(1 + x)`, accurate near 0.
  public func log1p() -> Tensor {
    unary(.log1p, "log1p()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient / (step[x] + 1)) }
    }
  }

  /// The square root.
  public func sqrt() -> Tensor {
    unary(.sqrt, "sqrt()", floating: true) { saving, result in
      let y = saving.output(result)
      return { step in step.give(0, step.gradient / (step[y] * 2)) }
    }
  }

  /// `1 / √x`.
  public func rsqrt() -> Tensor {
    unary(.reciprocalSqrt, "rsqrt()", floating: true) { saving, result in
      let y = saving.output(result)
      return { step in
        let y = step[y]
        step.give(0, step.gradient * -0.5 * y * y * y)
      }
    }
  }

  /// `1 / x`.
  public func reciprocal() -> Tensor {
    unary(.reciprocal, "reciprocal()", floating: true) { saving, result in
      let y = saving.output(result)
      return { step in step.give(0, -step.gradient * step[y] * step[y]) }
    }
  }

  /// `x²`.
  public func squared() -> Tensor {
    if dtype == .bool { return to(.int64) }
    return unary(.square, "squared()") { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient * step[x] * 2) }
    }
  }

  /// The absolute value; its gradient at 0 is 0.
  public func absolute() -> Tensor {
    unary(.absolute, "absolute()") { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient * step[x].sign()) }
    }
  }

  /// The sine.
  public func sin() -> Tensor {
    unary(.sin, "sin()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient * step[x].cos()) }
    }
  }

  /// The cosine.
  public func cos() -> Tensor {
    unary(.cos, "cos()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, -step.gradient * step[x].sin()) }
    }
  }

  /// The tangent.
  public func tan() -> Tensor {
    unary(.tan, "tan()", floating: true) { saving, result in
      let y = saving.output(result)
      return { step in step.give(0, step.gradient * (step[y].squared() + 1)) }
    }
  }

  /// The inverse sine.
  public func asin() -> Tensor {
    unary(.asin, "asin()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient * (1 - step[x].squared()).rsqrt()) }
    }
  }

  /// The inverse cosine.
  public func acos() -> Tensor {
    unary(.acos, "acos()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, -step.gradient * (1 - step[x].squared()).rsqrt()) }
    }
  }

  /// The inverse tangent.
  public func atan() -> Tensor {
    unary(.atan, "atan()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient / (step[x].squared() + 1)) }
    }
  }

  /// The hyperbolic sine.
  public func sinh() -> Tensor {
    unary(.sinh, "sinh()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient * step[x].cosh()) }
    }
  }

  /// The hyperbolic cosine.
  public func cosh() -> Tensor {
    unary(.cosh, "cosh()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient * step[x].sinh()) }
    }
  }

  /// The hyperbolic tangent.
  public func tanh() -> Tensor {
    unary(.tanh, "tanh()", floating: true) { saving, result in
      let y = saving.output(result)
      return { step in
        step.give(
          0,
          step.createsGraph
            ? step.gradient * (1 - step[y].squared())
            : Self.fused(.tanhGradient, step.gradient, step[y]))
      }
    }
  }

  /// `1 / (1 + exp(−x))`.
  public func sigmoid() -> Tensor {
    unary(.sigmoid, "sigmoid()", floating: true) { saving, result in
      let y = saving.output(result)
      return { step in
        let y = step[y]
        step.give(
          0,
          step.createsGraph
            ? step.gradient * (y * (1 - y)) : Self.fused(.sigmoidGradient, step.gradient, y))
      }
    }
  }

  /// Computes a gradient in one pass, which is not recorded.
  static func fused(_ function: BinaryFunction, _ gradient: Tensor, _ y: Tensor) -> Tensor {
    let result = Tensor(uninitialized: y.shape, y.dtype, like: y)
    Kernels.binary(function, gradient, y, into: result)
    return result
  }

  /// The error function.
  public func erf() -> Tensor {
    unary(.erf, "erf()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in
        step.give(0, step.gradient * ((-step[x].squared()).exp() * 1.128_379_167_095_512_6))
      }
    }
  }

  /// `1 − erf(x)`.
  public func erfc() -> Tensor {
    unary(.erfc, "erfc()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in
        step.give(0, step.gradient * ((-step[x].squared()).exp() * -1.128_379_167_095_512_6))
      }
    }
  }

  /// The sign: −1, 0 or 1.
  public func sign() -> Tensor { step(.sign, "sign()") }
  /// The largest integer that is not above the element.
  public func floor() -> Tensor { step(.floor, "floor()") }
  /// The smallest integer that is not below the element.
  public func ceil() -> Tensor { step(.ceil, "ceil()") }
  /// The element rounded towards zero.
  public func trunc() -> Tensor { step(.trunc, "trunc()") }

  /// The nearest integer, ties to even; with `decimals`, the nearest multiple of 10 to the power of −decimals.
  public func round(decimals: Int = 0) -> Tensor {
    composed("round(decimals:)", [self], [.init("decimals", .int(decimals))]) {
      guard decimals != 0, dtype.isFloatingPoint else { return step(.round, "round(decimals:)") }
      let factor = Double.power(10, Swift.abs(decimals))
      let rounded = withoutGradients {
        decimals > 0
          ? (self * factor).round() / factor
          : (self / factor).round() * factor
      }
      return withZeroGradient(rounded, "round(decimals:)")
    }
  }

  /// The angle of (x, y) = (other, self), in −π…π.
  public func atan2(_ other: Tensor) -> Tensor {
    Self.binary(.atan2, "atan2(_:)", self, other, floating: true) { saving, result in
      let (y, x) = (saving.input(0, self, for: 0, 1), saving.input(1, other, for: 0, 1))
      return { step in
        let (y, x) = (step[y], step[x])
        let square = x.squared() + y.squared()
        // At the origin the gradient is 0.
        let inverse = square.reciprocal().maskedFill(square .== 0, with: 0)
        step.give(0, step.gradient * x * inverse)
        step.give(1, -step.gradient * y * inverse)
      }
    }
  }

  /// The larger one of each pair; NaN if either is NaN; if they are equal, each gets half of the gradient.
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    extreme(.maximum, "maximum(_:_:)", a, b)
  }

  /// The smaller one of each pair; NaN if either is NaN; if they are equal, each gets half of the gradient.
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
    extreme(.minimum, "minimum(_:_:)", a, b)
  }

  private static func extreme(
    _ function: BinaryFunction, _ name: StaticString, _ a: Tensor, _ b: Tensor
  ) -> Tensor {
    binary(function, name, a, b) { saving, result in
      let (x, y) = (saving.input(0, a, for: 0, 1), saving.input(1, b, for: 0, 1))
      return { step in
        let (x, y) = (step[x], step[y])
        let (isSecond, isFirst) = function == .maximum ? (x .< y, x .> y) : (x .> y, x .< y)
        // Beside NaN, each gets all of the gradient.
        let gradient = Tensor.where(x .== y, step.gradient / 2, step.gradient)
        step.give(0, gradient.maskedFill(isSecond, with: 0))
        step.give(1, gradient.maskedFill(isFirst, with: 0))
      }
    }
  }

  /// The elements limited to `low…high`; the gradient passes where low ≤ x ≤ high.
  public func clamped(
    _ low: (some TensorNumber)? = Optional<Double>.none,
    _ high: (some TensorNumber)? = Optional<Double>.none
  ) -> Tensor {
    clamped(low.map { scalar($0.number) }, high.map { scalar($0.number) })
  }

  /// The elements limited to those of `low` and `high`, which broadcast; either may be nil.
  ///
  /// If low is above high, the result is high; if one of them is NaN, the result is NaN. Gradients are PyTorch's: operands
  /// that are NaN have none, and of two equal limits only the upper one has one.
  public func clamped(_ low: Tensor?, _ high: Tensor?) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(
        "clamped(_:_:)", [self, low, high].compactMap { $0 }, [.given(("low", low), ("high", high))]
      ) { clamped(low, high) }
    }
    let limits = [low, high].compactMap { $0 }
    let dtype = DType.result([self] + limits)
    let result = withoutGradients {
      let x = to(dtype)
      let raised = low.map { Tensor.maximum(x, $0.to(dtype)) } ?? x
      return high.map { Tensor.minimum(raised, $0.to(dtype)) } ?? raised
    }.detached()
    guard ([self] + limits).contains(where: Tape.records) else { return result }
    let (x, a, b) = (
      Saved(self, .input(0), dtype: dtype), low.map { Saved($0, .input(1), dtype: dtype) },
      high.map { Saved($0, .input(limits.count), dtype: dtype) }
    )
    return result.recorded(
      GradientNode(
        "clamped(_:_:)", edges: ([self] + limits).map { $0.edge(fitting: result) }
      ) { step in
        let gradient = step.gradient
        let x = step[x]
        switch (a.map { step[$0] }, b.map { step[$0] }) {
        case (let low?, let high?):
          step.give(0, gradient.kept(where: (x .>= low) .& (x .<= high)))
          step.give(1, gradient.kept(where: (x .< low) .& (low .< high)))
          step.give(2, gradient.kept(where: (x .> high) .| (high .< low)))
        case (let low?, nil):
          step.give(0, gradient.kept(where: x .>= low))
          step.give(1, gradient.kept(where: x .< low))
        case (nil, let high?):
          step.give(0, gradient.kept(where: x .<= high))
          step.give(1, gradient.kept(where: x .> high))
        case (nil, nil): step.give(0, gradient)
        }
      })
  }

  /// The elements, but at least `low` (PyTorch's `clamp_min`).
  public func clamped(atLeast low: some TensorNumber) -> Tensor { clamped(scalar(low.number), nil) }
  /// The elements, but at least those of `low`, which broadcast.
  public func clamped(atLeast low: Tensor) -> Tensor { clamped(low, nil) }
  /// The elements, but at most `high` (PyTorch's `clamp_max`).
  public func clamped(atMost high: some TensorNumber) -> Tensor {
    clamped(nil, scalar(high.number))
  }
  /// The elements, but at most those of `high`, which broadcast.
  public func clamped(atMost high: Tensor) -> Tensor { clamped(nil, high) }

  /// `self + weight · (other − self)`.
  public func lerp(_ other: Tensor, _ weight: Tensor) -> Tensor {
    composed("lerp(_:_:)", [self, other, weight]) { self + weight * (other - self) }
  }
  /// `self + weight · (other − self)`.
  public func lerp(_ other: Tensor, _ weight: some TensorNumber) -> Tensor {
    composed("lerp(_:_:)", [self, other], [.init("weight", .double(weight.number.double))]) {
      self + (other - self) * weight
    }
  }

  /// The elements with NaN and infinities replaced by numbers; infinities by default become the limits of the dtype.
  public func replacingNaN(
    _ nan: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil
  ) -> Tensor {
    composed("replacingNaN(_:positiveInfinity:negativeInfinity:)", [self]) {
      guard dtype.isFloatingPoint else { return self }
      let largest = dtype.greatestFinite
      return maskedFill(isNaN(), with: nan)
        .maskedFill(self .== Double.infinity, with: positiveInfinity ?? largest)
        .maskedFill(self .== -Double.infinity, with: negativeInfinity ?? -largest)
    }
  }
}

extension Double {
  /// `base` to the power of `exponent`, exact if the result can be.
  fileprivate static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}

extension DType {
  /// The largest finite number of a floating-point dtype.
  var greatestFinite: Double {
    switch self {
    case .float64: Double.greatestFiniteMagnitude
    case .float16: 65504
    case .bfloat16: 0x1.fep127
    default: Double(Float.greatestFiniteMagnitude)
    }
  }
}

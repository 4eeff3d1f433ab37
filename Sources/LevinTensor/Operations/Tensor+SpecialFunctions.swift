internal import CLevinKernels
internal import LevinSystem

// Less common elementwise functions.

extension Tensor {
  /// 2 to the power of each element.
  public func exp2() -> Tensor {
    unary(.exp2, "exp2()", floating: true) { saving, result in
      let y = saving.output(result)
      return { step in step.give(0, step.gradient * step[y] * 0.693_147_180_559_945_3) }
    }
  }

  /// The inverse hyperbolic sine.
  public func asinh() -> Tensor {
    unary(.asinh, "asinh()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient * (step[x].squared() + 1).rsqrt()) }
    }
  }

  /// The inverse hyperbolic cosine; NaN below 1.
  public func acosh() -> Tensor {
    unary(.acosh, "acosh()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient * (step[x].squared() - 1).rsqrt()) }
    }
  }

  /// The inverse hyperbolic tangent; NaN outside −1…1.
  public func atanh() -> Tensor {
    unary(.atanh, "atanh()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient / (1 - step[x].squared())) }
    }
  }

  /// The fractional part, with the sign of the element.
  public func frac() -> Tensor {
    composed("frac()", [self]) {
      ShapeChecks.isFloatingPoint(self, for: "frac()")
      return self - trunc()
    }
  }

  /// From degrees to radians.
  public func degreesToRadians() -> Tensor {
    composed("degreesToRadians()", [self]) {
      self * (Double.pi / 180)
    }
  }
  /// From radians to degrees.
  public func radiansToDegrees() -> Tensor {
    composed("radiansToDegrees()", [self]) {
      self * (180 / Double.pi)
    }
  }

  /// `log(x / (1 − x))`; with `epsilon`, x is first limited to epsilon…1 − epsilon.
  public func logit(epsilon: Double? = nil) -> Tensor {
    composed("logit()", [self]) {
      let x = to(dtype.floating)
      if let epsilon {
        let limited = x.clamped(epsilon, 1 - epsilon)
        return (limited / (1 - limited)).log()
      }
      let value = (x / (1 - x)).log()
      guard Tape.records(x) else { return value }
      // Where there is no value there is no gradient, although the formula of the derivative has a value there.
      let slope = x.detached().zerosLike().maskedFill(
        (x .< 0) .| (x .> 1), with: Double.nan)
      return value + (x - x.detached()) * slope
    }
  }

  /// `log(eˣ + eʸ)`, without overflow.
  public func logAddExp(_ other: Tensor) -> Tensor {
    composed("logAddExp(_:)", [self, other]) {
      let result = withoutGradients { () -> Tensor in
        let distance = (self - other).absolute()
        return Tensor.maximum(self, other)
          + (-Tensor.where(self .== other, distance.zerosLike(), distance)).exp().log1p()
      }
      guard Tape.records(self, other) else { return result }
      let saving = Saving(self, other, dtype: result.dtype)
      let (x, y) = (saving.input(0, self, for: 0, 1), saving.input(1, other, for: 0, 1))
      return result.recorded(
        GradientNode("logAddExp(_:)", edge(fitting: result), other.edge(fitting: result)) { step in
          let distance = step[y] - step[x]
          step.give(0, step.gradient / (1 + distance.exp()))
          step.give(1, step.gradient / (1 + (-distance).exp()))
        })
    }
  }

  /// `log2(2ˣ + 2ʸ)`, without overflow.
  public func logAddExp2(_ other: Tensor) -> Tensor {
    composed("logAddExp2(_:)", [self, other]) {
      let scale = 0.693_147_180_559_945_3
      return (self * scale).logAddExp(other * scale) / scale
    }
  }

  /// `x · log(y)`; 0 where x is 0 and y is not NaN.
  public func xlogy(_ other: Tensor) -> Tensor {
    composed("xlogy(_:)", [self, other]) {
      timesZeroed(other) { $0.log() }
    }
  }

  /// `x · log(1 + y)`; 0 where x is 0 and y is not NaN.
  public func xlog1py(_ other: Tensor) -> Tensor {
    composed("xlog1py(_:)", [self, other]) {
      timesZeroed(other) { $0.log1p() }
    }
  }

  private func timesZeroed(_ other: Tensor, _ function: (Tensor) -> Tensor) -> Tensor {
    let common = DType.result(self, other).floating
    let (x, y) = (to(common), other.to(common))
    let values = function(y)
    let isZero = (x .== 0) .& .!values.detached().isFinite() .& .!y.isNaN()
    return x * Tensor.where(isZero, Tensor(.double(0), dtype: values.dtype), values)
  }

  /// `√(x² + y²)`, without overflow.
  public func hypot(_ other: Tensor) -> Tensor {
    Self.binary(.hypotenuse, "hypot(_:)", self, other, floating: true) { saving, result in
      let (x, y) = (saving.input(0, self, for: 0), saving.input(1, other, for: 1))
      let r = saving.output(result)
      return { step in
        step.give(0, step.gradient * (step[x] / step[r]))
        step.give(1, step.gradient * (step[y] / step[r]))
      }
    }
  }

  /// The magnitude of each element with the sign of the other's; the sign of zero counts.
  public func copySign(_ other: Tensor) -> Tensor {
    Self.binary(.copySign, "copySign(_:)", self, other, floating: true) { saving, result in
      let (x, y) = (saving.input(0, self, for: 0), saving.output(result))
      return { step in
        let (x, y) = (step[x].detached(), step[y].detached())
        // 1 or −1; NaN if the quotient is undefined.
        step.give(0, step.gradient * (y / x).maskedFill(x .== 0, with: 0))
        step.give(1, step.gradient.zerosLike())
      }
    }
  }

  /// Whether the sign is negative, which includes −0; bool.
  public func signBit() -> Tensor {
    composed("signBit()", [self]) {
      guard dtype.isFloatingPoint else { return self .< 0 }
      return withoutGradients { detached().onesLike().copySign(detached()) } .< 0
    }
  }

  /// 0 below zero, 1 above, and `values` at zero.
  ///
  /// Traps if the dtypes differ.
  public func heaviside(_ values: Tensor) -> Tensor {
    composed("heaviside(_:)", [self, values]) {
      let dtype = ShapeChecks.sameDType(self, values, for: "heaviside(_:)")
      let shape = ShapeChecks.broadcast(self, values, for: "heaviside(_:)")
      return Tensor.where(self .== 0, values, (self .> 0).to(dtype)).expanded(to: shape)
    }
  }

  /// The larger one of each pair; if one is NaN, the other (C's `fmax`).
  public static func fmax(_ a: Tensor, _ b: Tensor) -> Tensor {
    composed("fmax(_:_:)", [a, b]) {
      numberOf(a, b, "fmax(_:_:)") { $0 .>= $1 }
    }
  }

  /// The smaller one of each pair; if one is NaN, the other (C's `fmin`).
  public static func fmin(_ a: Tensor, _ b: Tensor) -> Tensor {
    composed("fmin(_:_:)", [a, b]) {
      numberOf(a, b, "fmin(_:_:)") { $0 .<= $1 }
    }
  }

  private static func numberOf(
    _ a: Tensor, _ b: Tensor, _ name: String, _ isFirst: (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    _ = ShapeChecks.broadcast(a, b, for: name)
    return Tensor.where(isFirst(a, b) .| b.isNaN(), a, b)
  }

  /// The remainder of a division that is rounded towards zero: it has the dividend's sign (C's `fmod`).
  ///
  /// Traps if an integer is divided by zero.
  public func fmod(_ other: Tensor) -> Tensor {
    ShapeChecks.hasNoZeroDivisor(self, other, for: "fmod(_:)")
    return Self.binary(.truncRemainder, "fmod(_:)", self, other) { saving, result in
      let (x, y) = (saving.input(0, self, for: 1), saving.input(1, other, for: 1))
      return { step in
        step.give(0, step.gradient)
        step.give(1, -step.gradient * step[x].divided(by: step[y], rounding: .truncate))
      }
    }
  }

  /// The remainder of the division by a number, rounded towards zero, with the dividend's sign (C's `fmod`).
  ///
  /// Traps if an integer is divided by zero.
  public func fmod(_ number: some TensorNumber) -> Tensor { fmod(scalar(number.number)) }

  /// `self + value · a · b`.
  public func addingProduct(of a: Tensor, and b: Tensor, value: some TensorNumber = 1) -> Tensor {
    composed("addingProduct(of:and:)", [self, a, b]) {
      let common = DType.result([self, a, b])
      return self + a.to(common) * b.to(common) * value
    }
  }

  /// `self + value · a / b`.
  public func addingQuotient(of a: Tensor, and b: Tensor, value: some TensorNumber = 1) -> Tensor {
    composed("addingQuotient(of:and:)", [self, a, b]) {
      let common = DType.result([self, a, b])
      return self + a.to(common) / b.to(common) * value
    }
  }

  // MARK: The gamma and error functions

  /// The logarithm of the absolute value of the gamma function.
  public func logGamma() -> Tensor {
    unary(.logGamma, "logGamma()", floating: true) { saving, result in
      let x = saving.input(0, self, for: 0)
      return { step in step.give(0, step.gradient * step[x].digamma()) }
    }
  }

  /// The derivative of ``logGamma()``.
  ///
  /// Computed by recurrence up to 8, then with the asymptotic series (Abramowitz and Stegun 6.3.18); below zero by
  /// reflection.
  public func digamma() -> Tensor {
    inDouble("digamma()") { x in
      let isNegative = x .< 0
      let y = Tensor.where(isNegative, 1 - x, x)
      let (shifted, sum) = y.shiftedUp(to: 8) { -$0.reciprocal() }
      let square = shifted.squared().reciprocal()
      let series = square.polynomial([
        0, 1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12,
      ])
      let value = sum + shifted.log() - 0.5 / shifted - series
      // In −1…1, where the tangent has no poles except those of the function.
      let reflected = value - Double.pi / ((x - x.trunc()) * Double.pi).tan()
      let isPole = isNegative .& (x .== x.trunc())
      return Tensor.where(isNegative, reflected, value).maskedFill(isPole, with: Double.nan)
        .maskedFill(x .== 0, with: Double.infinity).negatedWhere((x .== 0) .& .!x.signBit())
    } slope: {
      $0.polygamma(1)
    }
  }

  /// The derivative of ``digamma()`` of the given order; order 0 is ``digamma()`` itself (PyTorch's `polygamma`).
  ///
  /// Uses recurrence to large numbers, then the asymptotic series (Abramowitz and Stegun 6.4.11), and reflection below
  /// zero (6.4.7). Traps for a negative order.
  public func polygamma(_ order: Int) -> Tensor {
    guard order >= 0 else {
      fail("polygamma(_:)", "order \(order)", expected: "0 or more")
    }
    if order == 0 { return digamma() }
    return inDouble("polygamma(_:)") {
      order == 1 ? $0.trigamma() : $0.derivativeOfDigamma(order)
    } slope: {
      $0.polygamma(order + 1)
    }
  }

  /// The values of order 1, with PyTorch's six steps and four terms, which are accurate to nine digits.
  private func trigamma() -> Tensor {
    let isBelow = self .< 0.5
    var (x, sum) = (Tensor.where(isBelow, 1 - self, self), zerosLike())
    for _ in 0..<6 {
      sum = sum + x.squared().reciprocal()
      x = x + 1
    }
    let inverse = x.reciprocal()
    let series = inverse.squared().polynomial([1, 1.0 / 6, -1.0 / 30, 1.0 / 42]) + inverse / 2
    let value = sum + series * inverse
    let sine = (self * Double.pi).sin()
    return Tensor.where(isBelow, Double.pi * Double.pi / sine.squared() - value, value)
  }

  /// The values of an order of 2 or more.
  private func derivativeOfDigamma(_ order: Int) -> Tensor {
    let isNegative = self .< 0
    let sign = order % 2 == 0 ? -1.0 : 1
    let (shifted, sum) = Tensor.where(isNegative, 1 - self, self)
      .shiftedUp(to: Double(8 + 2 * order)) { $0.power(Double(-order - 1)) }
    let inverse = shifted.reciprocal()
    // B₂ to B₁₄; each is multiplied by order · (order + 1) … (order + 2k − 1) / (2k)!.
    let bernoulli = [1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6]
    var (coefficients, factor) = ([1.0], 1.0)
    for (k, number) in bernoulli.enumerated() {
      for i in 2 * k..<2 * k + 2 { factor *= Double(order + i) / Double(i + 1) }
      coefficients.append(number * factor)
    }
    let series = inverse.squared().polynomial(coefficients) + inverse * (Double(order) / 2)
    let factorial = (1...order).reduce(1.0) { $0 * Double($1) }
    let value =
      (sum * factorial + series * inverse.power(Double(order)) * (factorial / Double(order))) * sign
    // The derivatives of the cotangent c are polynomials in it: c′ = −(1 + c²).
    var cotangent = [0.0, 1]
    for _ in 0..<order {
      let slope = cotangent.enumerated().dropFirst().map { Double($0.offset) * $0.element }
      cotangent = [Double](repeating: 0, count: slope.count + 2)
      for (power, number) in slope.enumerated() {
        cotangent[power] -= number
        cotangent[power + 2] -= number
      }
    }
    let angle = (self - trunc()) * Double.pi
    let scale = (0...order).reduce(1.0) { power, _ in power * Double.pi }
    let reflected =
      value * -sign - angle.tan().reciprocal().polynomial(cotangent) * scale
    return Tensor.where(isNegative, reflected, value)
      .maskedFill((self .<= 0) .& (self .== trunc()), with: sign * Double.infinity)
      .maskedFill(self .== Double.infinity, with: Double.nan)  // as in PyTorch
  }

  /// The inverse of the error function; infinite at ±1, NaN outside.
  ///
  /// Giles' approximation (2010), refined by Newton's method.
  public func erfInverse() -> Tensor {
    inDouble("erfInverse()") { x in
      let w = -((1 - x) * (1 + x)).log()
      let near = (w - 2.5).polynomial([
        1.501_409_41, 0.246_640_727, -0.004_177_681_64, -0.001_253_725_03, 0.000_218_580_87,
        -4.391_506_54e-06, -3.523_387_7e-06, 3.432_739_39e-07, 2.810_226_36e-08,
      ])
      let far = (w.sqrt() - 3).polynomial([
        2.832_976_82, 1.001_674_06, 0.009_438_870_47, -0.007_622_461_3, 0.005_739_507_73,
        -0.003_677_429_93, 0.001_349_343_22, 0.000_100_950_558, -0.000_200_214_257,
      ])
      var y = x * Tensor.where(w .< 5, near, far)
      for _ in 0..<3 {
        // With the complement, which does not lose precision near 1.
        let error = Tensor.where(
          x.absolute() .> 0.5, (1 - x.absolute()) - y.absolute().erfc(),
          y.absolute().erf() - x.absolute())
        y = y - x.sign() * error * (y.squared().exp() * (Double.pi.squareRoot() / 2))
      }
      return Tensor.where(x.absolute() .== 1, x * Double.infinity, y)
    } slope: { x in
      x.erfInverse().squared().exp() * (Double.pi.squareRoot() / 2)
    }
  }

  /// Applies a function that is computed in float64, and its derivative.
  private func inDouble(
    _ name: StaticString, _ function: (Tensor) -> Tensor,
    slope: @escaping (_ x: Tensor) -> Tensor
  ) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(name, [self]) { inDouble(name, function, slope: slope) }
    }
    let dtype = dtype.floating
    let result = withoutGradients { function(detached().to(.float64)).to(dtype) }
    guard Tape.records(self) else { return result }
    let x = Saving(self, dtype: dtype).input(0, self, for: 0)
    return result.recorded(
      GradientNode(name, edge(fitting: shape, dtype)) { step in
        step.give(0, step.gradient * slope(step[x]))
      })
  }

  /// The elements, which are at least 0, raised in steps of 1 to `least` or more, and the sums of `term` over the
  /// values on the way.
  private func shiftedUp(to least: Double, _ term: (Tensor) -> Tensor) -> (Tensor, Tensor) {
    var (x, sum) = (self, zerosLike())
    for _ in 0..<Int(least) {
      let isSmall = x .< least
      sum = sum + Tensor.where(isSmall, term(x), x.zerosLike())
      x = Tensor.where(isSmall, x + 1, x)
    }
    return (x, sum)
  }

  /// The polynomial `c[0] + c[1] · x + c[2] · x² + …`.
  private func polynomial(_ coefficients: [Double]) -> Tensor {
    coefficients.dropLast().reversed().reduce(fullLike(coefficients.last ?? 0)) { $0 * self + $1 }
  }

  private func negatedWhere(_ mask: Tensor) -> Tensor { Tensor.where(mask, -self, self) }
}

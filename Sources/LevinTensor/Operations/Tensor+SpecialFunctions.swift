internal import CLevinKernels
internal import LevinSystem

// The gamma and error functions.

extension Tensor {
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

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

  /// 2 to the power of each element.
  public func exp2() -> Tensor {
    unary(.exp2, "exp2()", floating: true) { saving, result in
      let y = saving.output(result)
      return { step in step.give(0, step.gradient * step[y] * 0.693_147_180_559_945_3) }
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

  /// The sign: −1, 0 or 1.
  public func sign() -> Tensor { step(.sign, "sign()") }

  /// Whether the sign is negative, which includes −0; bool.
  public func signBit() -> Tensor {
    composed("signBit()", [self]) {
      guard dtype.isFloatingPoint else { return self .< 0 }
      return withoutGradients { detached().onesLike().copySign(detached()) } .< 0
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
}

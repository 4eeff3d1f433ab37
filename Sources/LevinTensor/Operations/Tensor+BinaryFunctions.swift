internal import CLevinKernels

// Elementwise functions of two tensors or more, which broadcast.

extension Tensor {
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
}

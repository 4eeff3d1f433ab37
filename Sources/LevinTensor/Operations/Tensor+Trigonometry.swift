internal import CLevinKernels

// Trigonometric and hyperbolic functions, and their inverses.

extension Tensor {
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
}

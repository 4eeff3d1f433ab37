internal import CLevinKernels
internal import LevinSystem

// Elementwise arithmetic. Shapes broadcast and dtypes are promoted; a Swift number is weakly typed, like a Python
// number in PyTorch.

extension Tensor {
  /// The elementwise sum.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    binary(.add, "+", a, b) { _, _ in
      { step in
        step.give(0, step.gradient)
        step.give(1, step.gradient)
      }
    }
  }

  /// The elementwise difference.
  ///
  /// Traps if one of them is bool, as in PyTorch.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    ShapeChecks.isNotBool(a.dtype, b.dtype, for: "-")
    return binary(.subtract, "-", a, b) { _, _ in
      { step in
        step.give(0, step.gradient)
        step.give(1, -step.gradient)
      }
    }
  }

  /// The elementwise product.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    binary(.multiply, "*", a, b) { saving, result in
      let (x, y) = (saving.input(0, a, for: 1), saving.input(1, b, for: 0))
      return { step in
        step.give(0, step.gradient * step[y])
        step.give(1, step.gradient * step[x])
      }
    }
  }

  /// The elementwise quotient; for integers, too, it is a floating-point number (PyTorch's `true_divide`).
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    binary(.divide, "/", a, b, floating: true) { saving, result in
      let (x, y) = (saving.input(0, a, for: 1), saving.input(1, b, for: 0, 1))
      return { step in
        step.give(0, step.gradient / step[y])
        step.give(1, -step.gradient * (step[x] / step[y] / step[y]))
      }
    }
  }

  /// Every element negated.
  ///
  /// Traps for bool.
  public static prefix func - (x: Tensor) -> Tensor {
    ShapeChecks.isNotBool(x.dtype, x.dtype, for: "-")
    return x.unary(.negate, "-") { _, _ in { step in step.give(0, -step.gradient) } }
  }

  /// Every element plus a number.
  @inlinable public static func + (a: Tensor, b: some TensorNumber) -> Tensor {
    a.adding(b.number)
  }
  /// Every element plus a number.
  @inlinable public static func + (a: some TensorNumber, b: Tensor) -> Tensor {
    b.adding(a.number)
  }
  /// Every element minus a number.
  @inlinable public static func - (a: Tensor, b: some TensorNumber) -> Tensor {
    a.subtracting(b.number)
  }
  /// A number minus every element.
  @inlinable public static func - (a: some TensorNumber, b: Tensor) -> Tensor {
    b.subtracted(from: a.number)
  }
  /// Every element times a number.
  @inlinable public static func * (a: Tensor, b: some TensorNumber) -> Tensor {
    a.multiplied(by: b.number)
  }
  /// Every element times a number.
  @inlinable public static func * (a: some TensorNumber, b: Tensor) -> Tensor {
    b.multiplied(by: a.number)
  }
  /// Every element divided by a number.
  @inlinable public static func / (a: Tensor, b: some TensorNumber) -> Tensor {
    a.divided(by: b.number)
  }
  /// A number divided by every element.
  @inlinable public static func / (a: some TensorNumber, b: Tensor) -> Tensor {
    b.dividing(a.number)
  }

  // One concrete function each, which the operators above call after converting a number of any type to a `Number`.

  @usableFromInline func adding(_ number: Number) -> Tensor { self + scalar(number) }
  @usableFromInline func subtracting(_ number: Number) -> Tensor { self - scalar(number) }
  @usableFromInline func subtracted(from number: Number) -> Tensor { scalar(number) - self }
  @usableFromInline func multiplied(by number: Number) -> Tensor { self * scalar(number) }
  @usableFromInline func divided(by number: Number) -> Tensor { self / scalar(number) }
  @usableFromInline func dividing(_ number: Number) -> Tensor { scalar(number) / self }

  /// How a quotient is rounded.
  public enum RoundingMode: Sendable {
    /// Towards zero.
    case truncate
    /// Towards negative infinity, like Python's `//`.
    case floor
  }

  /// The quotient, rounded; integers stay integers.
  ///
  /// Traps if an integer is divided by zero.
  public func divided(by other: Tensor, rounding: RoundingMode) -> Tensor {
    ShapeChecks.hasNoZeroDivisor(self, other, for: "divided(by:rounding:)")
    return switch rounding {
    case .floor:
      Self.binary(.floorDivide, "divided(by:rounding: .floor)", self, other) { _, _ in
        { step in
          step.give(0, step.gradient.zerosLike())
          step.give(1, step.gradient.zerosLike())
        }
      }
    case .truncate:
      Self.binary(.truncDivide, "divided(by:rounding: .truncate)", self, other) { _, _ in
        { step in
          step.give(0, step.gradient.zerosLike())
          step.give(1, step.gradient.zerosLike())
        }
      }
    }
  }

  /// The rounded quotient by a number; integers stay integers.
  ///
  /// Traps if an integer is divided by zero.
  public func divided(by number: some TensorNumber, rounding: RoundingMode) -> Tensor {
    divided(by: scalar(number.number), rounding: rounding)
  }

  /// The remainder of the division by a number, with the number's sign, like Python's `%`.
  ///
  /// Traps if an integer is divided by zero.
  public func remainder(dividingBy number: some TensorNumber) -> Tensor {
    remainder(dividingBy: scalar(number.number))
  }

  /// The remainder of the division of a number by each element, with the element's sign, like Python's `%`.
  ///
  /// Traps if an integer is divided by zero.
  public static func remainder(_ number: some TensorNumber, dividingBy x: Tensor) -> Tensor {
    x.scalar(number.number).remainder(dividingBy: x)
  }

  /// The remainder of Python's `%`: it has the divisor's sign.
  ///
  /// Traps if an integer is divided by zero.
  public func remainder(dividingBy other: Tensor) -> Tensor {
    ShapeChecks.hasNoZeroDivisor(self, other, for: "remainder(dividingBy:)")
    return Self.binary(.remainder, "remainder(dividingBy:)", self, other) { saving, result in
      let (x, y) = (saving.input(0, self, for: 1), saving.input(1, other, for: 1))
      return { step in
        step.give(0, step.gradient)
        step.give(1, -step.gradient * step[x].divided(by: step[y], rounding: .floor))
      }
    }
  }

  /// Each element raised to the power of the other's; an integer to a negative power is 0, unless it is 1 or −1.
  public func power(_ exponent: Tensor) -> Tensor {
    return Self.binary(.power, "power(_:)", self, exponent) { saving, result in
      let (x, y) = (saving.input(0, self, for: 0, 1), saving.input(1, exponent, for: 0, 1))
      let power = saving.output(result)
      return { step in
        let (base, exponent) = (step[x], step[y])
        step.give(
          0,
          Tensor.where(
            exponent .== 0, exponent.zerosLike(),
            step.gradient * exponent * base.power(exponent - 1)))
        step.give(
          1,
          Tensor.where(
            (base .== 0) .& (exponent .>= 0), base.zerosLike(),
            step.gradient * step[power] * base.log()))
      }
    }
  }

  /// Each element raised to the power of a number.
  ///
  /// Traps for integers raised to a negative integer.
  public func power(_ exponent: some TensorNumber) -> Tensor {
    if case .double(2) = exponent.number { return squared() }
    if case .int(2) = exponent.number { return squared() }
    // As in PyTorch, because roots are correctly rounded.
    if case .double(0.5) = exponent.number { return sqrt() }
    if case .double(-0.5) = exponent.number { return rsqrt() }
    if case .int(let number) = exponent.number, number < 0, !dtype.isFloatingPoint {
      fail(
        "power(_:)", "\(dtype.name) to the power of \(number)",
        expected: "an exponent of 0 or more",
        hint: "convert the base with to(.float32)")
    }
    return power(scalar(exponent.number))
  }

  /// A number raised to the power of each element.
  public static func power(_ base: some TensorNumber, _ exponent: Tensor) -> Tensor {
    exponent.scalar(base.number).power(exponent)
  }
}

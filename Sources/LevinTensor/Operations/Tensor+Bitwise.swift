internal import CLevinKernels

// Bitwise operations on integers; on bools they are logical.

extension Tensor {
  /// The bits that are set in both.
  public static func & (a: Tensor, b: Tensor) -> Tensor { bitwise(.bitwiseAnd, "&", a, b) }
  /// The bits that are set in either.
  public static func | (a: Tensor, b: Tensor) -> Tensor { bitwise(.bitwiseOr, "|", a, b) }
  /// The bits that are set in exactly one.
  public static func ^ (a: Tensor, b: Tensor) -> Tensor { bitwise(.bitwiseXor, "^", a, b) }
  /// The bits shifted left.
  public static func << (a: Tensor, b: Tensor) -> Tensor { bitwise(.shiftLeft, "<<", a, b) }
  /// The bits shifted right, filled with copies of the sign bit.
  public static func >> (a: Tensor, b: Tensor) -> Tensor { bitwise(.shiftRight, ">>", a, b) }

  /// The bits that are set in both.
  public static func & (a: Tensor, b: some TensorNumber) -> Tensor { a & a.scalar(b.number) }
  /// The bits that are set in either.
  public static func | (a: Tensor, b: some TensorNumber) -> Tensor { a | a.scalar(b.number) }
  /// The bits that are set in exactly one.
  public static func ^ (a: Tensor, b: some TensorNumber) -> Tensor { a ^ a.scalar(b.number) }
  /// The bits shifted left.
  public static func << (a: Tensor, b: some TensorNumber) -> Tensor { a << a.scalar(b.number) }
  /// The bits shifted right, filled with copies of the sign bit.
  public static func >> (a: Tensor, b: some TensorNumber) -> Tensor { a >> a.scalar(b.number) }

  /// All bits inverted; for bools, the negation.
  public static prefix func ~ (x: Tensor) -> Tensor {
    ShapeChecks.isNotFloatingPoint(x, x, for: "~")
    return x.dtype == .bool ? .!x : x.unary(.bitwiseNot, "~") { _, _ in { _ in } }
  }

  private static func bitwise(
    _ function: BinaryFunction, _ name: StaticString, _ a: Tensor, _ b: Tensor
  ) -> Tensor {
    ShapeChecks.isNotFloatingPoint(a, b, for: "\(name)")
    return binary(function, name, a, b) { _, _ in { _ in } }
  }
}

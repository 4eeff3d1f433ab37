internal import CLevinKernels

// Operations on the bits of integers; of bools they are those of logic.

extension Tensor {
  /// Bits that are set in both.
  public static func & (a: Tensor, b: Tensor) -> Tensor { bitwise(.bitwiseAnd, "&", a, b) }
  /// Bits that are set in either.
  public static func | (a: Tensor, b: Tensor) -> Tensor { bitwise(.bitwiseOr, "|", a, b) }
  /// Bits that are set in just one.
  public static func ^ (a: Tensor, b: Tensor) -> Tensor { bitwise(.bitwiseXor, "^", a, b) }
  /// Bits pushed towards the high ones.
  public static func << (a: Tensor, b: Tensor) -> Tensor { bitwise(.shiftLeft, "<<", a, b) }
  /// Bits pushed towards the low ones, with copies of the sign behind them.
  public static func >> (a: Tensor, b: Tensor) -> Tensor { bitwise(.shiftRight, ">>", a, b) }

  /// Bits that are set in both.
  public static func & (a: Tensor, b: some TensorNumber) -> Tensor { a & a.scalar(b.number) }
  /// Bits that are set in either.
  public static func | (a: Tensor, b: some TensorNumber) -> Tensor { a | a.scalar(b.number) }
  /// Bits that are set in just one.
  public static func ^ (a: Tensor, b: some TensorNumber) -> Tensor { a ^ a.scalar(b.number) }
  /// Bits pushed towards the high ones.
  public static func << (a: Tensor, b: some TensorNumber) -> Tensor { a << a.scalar(b.number) }
  /// Bits pushed towards the low ones, with copies of the sign behind them.
  public static func >> (a: Tensor, b: some TensorNumber) -> Tensor { a >> a.scalar(b.number) }

  /// All bits turned; of bools, the opposite.
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

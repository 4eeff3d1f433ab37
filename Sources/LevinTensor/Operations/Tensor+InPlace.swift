internal import CLevinKernels
internal import LevinSystem

// Arithmetic in place. As in PyTorch the left side keeps its shape and dtype: an operation that would change them
// traps.

extension Tensor {
  /// Adds in place if nothing else holds the memory, otherwise into fresh memory.
  ///
  /// The right side broadcasts to the shape of the left one, and the result is converted to the left one's dtype.
  /// Traps if that would change the shape, put a floating-point number into integers, or a number into bools. Inside
  /// ``withoutGradients(_:)`` a leaf stays a leaf.
  public static func += (a: inout Tensor, b: Tensor) { a.change(.add, "+=", b) { $0 + $1 } }
  /// Subtracts, like `+=`; traps if one of them is bool.
  public static func -= (a: inout Tensor, b: Tensor) {
    ShapeChecks.isNotBool(a.dtype, b.dtype, for: "-=")
    a.change(.subtract, "-=", b) { $0 - $1 }
  }
  /// Multiplies, like `+=`.
  public static func *= (a: inout Tensor, b: Tensor) { a.change(.multiply, "*=", b) { $0 * $1 } }
  /// Divides, like `+=`; traps for integers, whose quotients are floating-point numbers.
  public static func /= (a: inout Tensor, b: Tensor) {
    a.change(.divide, "/=", b, floating: true) { $0 / $1 }
  }
  /// Adds a number.
  @inlinable public static func += (a: inout Tensor, b: some TensorNumber) { a.add(b.number) }
  /// Subtracts a number.
  @inlinable public static func -= (a: inout Tensor, b: some TensorNumber) { a.subtract(b.number) }
  /// Multiplies by a number.
  @inlinable public static func *= (a: inout Tensor, b: some TensorNumber) { a.multiply(b.number) }
  /// Divides by a number.
  @inlinable public static func /= (a: inout Tensor, b: some TensorNumber) { a.divide(b.number) }

  @usableFromInline mutating func add(_ number: Number) { self += scalar(number) }
  @usableFromInline mutating func subtract(_ number: Number) { self -= scalar(number) }
  @usableFromInline mutating func multiply(_ number: Number) { self *= scalar(number) }
  @usableFromInline mutating func divide(_ number: Number) { self /= scalar(number) }

  private mutating func change(
    _ function: BinaryFunction, _ name: StaticString, _ other: Tensor, floating: Bool = false,
    _ compute: (Tensor, Tensor) -> Tensor
  ) {
    let common = DType.result(self, other)
    let dtype = floating ? common.floating : common
    ShapeChecks.stays(self, other, dtype, for: "\(name)")
    if dtype == self.dtype, dtype != .bool, !Tape.records(self, other), !Tape.isObserved,
      isUnique(), !layout.overlaps
    {
      Kernels.binary(function, self, other.operand(of: dtype), into: self)
      return
    }
    let (node, output) = (node, output)
    self = compute(self, other).to(self.dtype)
    if !Tape.isRecording { (self.node, self.output) = (node, output) }
  }
}

extension ShapeChecks {
  /// Checks that the left side of an in-place operation keeps its shape, and that its dtype can hold numbers of
  /// `dtype`, the result's.
  fileprivate static func stays(
    _ a: Tensor, _ b: Tensor, _ dtype: DType, for operation: @autoclosure () -> String
  ) {
    if a.shape != b.shape {
      let shape = broadcast(a, b, for: operation())
      guard shape == a.shape else {
        fail(
          operation(), "shapes \(a.shape) and \(b.shape), whose result has shape \(shape)",
          expected: "a result of the left side's shape, \(a.shape)",
          hint: "write a = a \(operation().dropLast()) b to let the shape change")
      }
    }
    guard dtype.kind <= a.dtype.kind else {
      fail(
        operation(), "a result of \(dtype.name) for a tensor of \(a.dtype.name)",
        expected: a.dtype == .bool ? "bools" : "integers",
        hint: "convert the left side first, with to(.\(dtype)), or the result, with to(.\(a.dtype))"
      )
    }
  }
}

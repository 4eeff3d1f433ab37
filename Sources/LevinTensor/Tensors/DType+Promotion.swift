internal import CLevinRuntime
internal import LevinSystem

// The dtype of an operation's result: PyTorch's promotion (torch.result_type).

/// A number used beside tensors in an operation.
///
/// It is weakly typed, like Python's numbers in PyTorch: it changes the dtype of the result only if its kind is
/// higher (bool, integer, floating point).
public enum Number: Sendable, Hashable {
  case bool(Bool)
  case int(Int64)
  case double(Double)

  /// The value as a floating-point number.
  public var double: Double {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value): Double(value)
    case .double(let value): value
    }
  }

  /// The dtype of a tensor made from the number alone.
  var dtype: DType {
    switch self {
    case .bool: .bool
    case .int: .int64
    case .double: .default
    }
  }
}

/// A Swift number that can be used beside tensors in an operation.
public protocol TensorNumber {
  /// The number with its kind.
  var number: Number { get }
}

extension Bool: TensorNumber {
  /// The truth value.
  @inlinable public var number: Number { .bool(self) }
}
extension Int: TensorNumber {
  /// The integer.
  @inlinable public var number: Number { .int(Int64(self)) }
}
extension Int64: TensorNumber {
  /// The integer.
  @inlinable public var number: Number { .int(self) }
}
extension Int32: TensorNumber {
  /// The integer.
  @inlinable public var number: Number { .int(Int64(self)) }
}
extension UInt8: TensorNumber {
  /// The integer.
  @inlinable public var number: Number { .int(Int64(self)) }
}
extension Float: TensorNumber {
  /// The floating-point number.
  @inlinable public var number: Number { .double(Double(self)) }
}
extension Double: TensorNumber {
  /// The floating-point number.
  @inlinable public var number: Number { .double(self) }
}

/// Sets the default dtype of floating-point tensors for the whole process (PyTorch's `torch.set_default_dtype`).
///
/// It applies to `zeros`, `ones`, `eye`, `linspace`, `rand`, `randn` and similar functions without a dtype, and so to
/// the parameters of layers created afterwards; to `full` and `arange` with Swift floating-point numbers; to such a
/// number beside a tensor of integers; and to quotients and functions of integers. Swift types keep their dtype:
/// `Tensor([1.5])` is float64, because `[Double]` is, and `Tensor([Float(1.5)])` is float32. Call it before other
/// threads compute. Traps unless `dtype` is a floating-point type.
public func setDefaultDType(_ dtype: DType) {
  guard dtype.isFloatingPoint else {
    fail("setDefaultDType(_:)", dtype.name, expected: "a floating-point dtype")
  }
  levin_set_default_type(dtype.rawValue)
}

extension DType {
  /// The default dtype of floating-point tensors: float32, unless ``setDefaultDType(_:)`` was called (PyTorch's
  /// `torch.get_default_dtype()`).
  public static var `default`: DType { DType(rawValue: levin_default_type()) ?? .float32 }

  /// Bool, integer, floating point: a higher kind wins over a lower one.
  var kind: Int { self == .bool ? 0 : isFloatingPoint ? 2 : 1 }

  /// The smallest dtype that holds both: `torch.promote_types`.
  public func promoted(with other: DType) -> DType {
    if self == other { return self }
    if kind != other.kind { return kind > other.kind ? self : other }
    // Of the same kind, the wider one; of two different 16-bit types, neither holds the other.
    if byteCount == other.byteCount { return .float32 }
    if kind == 1, byteCount < other.byteCount { return other }
    return byteCount > other.byteCount ? self : other
  }

  /// The dtype of an operation on tensors with dimensions, scalar tensors and numbers: each group counts only if its
  /// kind is higher than that of the groups before it (`torch.result_type`).
  static func result(dimensioned: DType?, scalar: DType?, number: Number?) -> DType {
    var result = dimensioned
    for next in [scalar, number?.dtype] {
      guard let next else { continue }
      guard let current = result else {
        result = next
        continue
      }
      if next.kind > current.kind { result = next }
    }
    return result ?? .default
  }

  /// The dtype of an operation on two tensors.
  package static func result(_ a: Tensor, _ b: Tensor) -> DType {
    if a.dtype == b.dtype { return a.dtype }
    switch (a.rank > 0, b.rank > 0) {
    case (true, false): return result(dimensioned: a.dtype, scalar: b.dtype, number: nil)
    case (false, true): return result(dimensioned: b.dtype, scalar: a.dtype, number: nil)
    default: return a.dtype.promoted(with: b.dtype)
    }
  }

  static func result(_ tensors: [Tensor]) -> DType {
    func common(_ own: [Tensor]) -> DType? {
      own.dropFirst().reduce(own.first?.dtype) { $0?.promoted(with: $1.dtype) }
    }
    return result(
      dimensioned: common(tensors.filter { $0.rank > 0 }),
      scalar: common(tensors.filter { $0.rank == 0 }), number: nil)
  }

  static func result(_ a: Tensor, _ b: Number) -> DType {
    result(dimensioned: a.dtype, scalar: nil, number: b)
  }

  /// The dtype of functions whose values are not integers (square root, quotient, exponential): for integers the
  /// default.
  var floating: DType { isFloatingPoint ? self : .default }

  /// The dtype in which sums and products are accumulated.
  var accumulating: DType { isFloatingPoint ? self : .int64 }
}

internal import CLevinRuntime
internal import LevinSystem

// Which dtype the result of an operation has: PyTorch's promotion (torch.result_type).

/// A number beside tensors in an operation.
///
/// It is weak, as Python's numbers are in PyTorch: it changes the dtype of the tensor only where its kind is a higher one
/// (bool, integer, floating point).
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

  /// The dtype of a tensor made of the number alone.
  var dtype: DType {
    switch self {
    case .bool: .bool
    case .int: .int64
    case .double: .default
    }
  }
}

/// A Swift number that stands beside tensors in an operation.
public protocol TensorNumber {
  /// The number, of its kind.
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

/// Makes `dtype` the one of floating-point tensors for which none is named, in the whole process (PyTorch's
/// `torch.set_default_dtype`).
///
/// That is: `zeros`, `ones`, `eye`, `linspace`, `rand`, `randn` and their like without a dtype, and so the parameters of
/// layers made afterwards; `full` and `arange` of Swift's floating-point numbers; such a number beside a tensor of integers;
/// quotients and functions of integers. What Swift's types say stays: `Tensor([1.5])` is float64, as `[Double]` is, and
/// `Tensor([Float(1.5)])` float32. Call it before other threads compute. Traps for dtypes that are no floating-point ones.
public func setDefaultDType(_ dtype: DType) {
  guard dtype.isFloatingPoint else {
    fail("setDefaultDType(_:)", dtype.name, expected: "a floating-point dtype")
  }
  levin_set_default_type(dtype.rawValue)
}

extension DType {
  /// The dtype of floating-point tensors for which none is named: float32, unless ``setDefaultDType(_:)`` says otherwise
  /// (PyTorch's `torch.get_default_dtype()`).
  public static var `default`: DType { DType(rawValue: levin_default_type()) ?? .float32 }

  /// Bool, integer, floating point: a higher kind wins over a lower one.
  var kind: Int { self == .bool ? 0 : isFloatingPoint ? 2 : 1 }

  /// The least dtype that holds both: `torch.promote_types`.
  public func promoted(with other: DType) -> DType {
    if self == other { return self }
    if kind != other.kind { return kind > other.kind ? self : other }
    // Of one kind, the wider one; where both are 16 bits wide, neither holds the other.
    if byteCount == other.byteCount { return .float32 }
    if kind == 1, byteCount < other.byteCount { return other }
    return byteCount > other.byteCount ? self : other
  }

  /// The dtype of an operation on tensors with dimensions, on scalar tensors and on numbers: each group counts only where
  /// its kind is above that of the groups before it (`torch.result_type`).
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

  static func result(_ a: Tensor, _ b: Tensor) -> DType {
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

  /// The dtype of functions whose values are no integers (square root, quotient, exponential): integers become the default.
  var floating: DType { isFloatingPoint ? self : .default }

  /// The dtype in which sums and products of integers are taken.
  var accumulating: DType { isFloatingPoint ? self : .int64 }
}

/// The type of a tensor's elements.
public enum DType: UInt8, Sendable, Hashable, CaseIterable {
  case float32
  case float64
  case int32
  case int64
  case uint8
  case bool

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .float64, .int64: 8
    case .uint8, .bool: 1
    }
  }

  var isFloat: Bool { self == .float32 || self == .float64 }

  /// The name that PyTorch gives it, as `float32`.
  public var name: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .bool: "bool"
    }
  }
}

/// A Swift type that a tensor can hold.
public protocol TensorScalar: BitwiseCopyable, Sendable {
  /// The dtype of tensors of this scalar.
  static var dtype: DType { get }
}

extension Float: TensorScalar {
  /// The dtype of tensors of `Float`.
  public static var dtype: DType { .float32 }
}
extension Double: TensorScalar {
  /// The dtype of tensors of `Double`.
  public static var dtype: DType { .float64 }
}
extension Int32: TensorScalar {
  /// The dtype of tensors of `Int32`.
  public static var dtype: DType { .int32 }
}
extension Int64: TensorScalar {
  /// The dtype of tensors of `Int64`.
  public static var dtype: DType { .int64 }
}
extension UInt8: TensorScalar {
  /// The dtype of tensors of `UInt8`.
  public static var dtype: DType { .uint8 }
}
extension Bool: TensorScalar {
  /// The dtype of tensors of `Bool`.
  public static var dtype: DType { .bool }
}

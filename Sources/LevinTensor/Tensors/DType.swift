/// The type of a tensor's elements.
///
/// float16 and bfloat16 are stored, converted, loaded and saved; operations compute in float32 and round the result.
public enum DType: UInt8, Sendable, Hashable, CaseIterable {
  case float32
  case float64
  case int32
  case int64
  case uint8
  case bool
  case float16
  case bfloat16

  /// The size of an element in bytes.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16: 2
    case .uint8, .bool: 1
    }
  }

  /// Whether it is one of the floating-point types.
  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    case .int32, .int64, .uint8, .bool: false
    }
  }

  /// PyTorch's name, such as `float32`.
  public var name: String { "\(self)" }
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
extension Int: TensorScalar {
  /// The dtype of tensors of `Int`, which has 64 bits.
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

/// A tensor as it stands in an event file: shape, and values in one of several fields.
public struct LoggedTensor: Sendable, Hashable {
  /// Values in row-major order, of any of the number types, or strings of bytes.
  public enum Values: Sendable, Hashable {
    case numbers([Double])
    case strings([[UInt8]])
    /// A type that holds no numbers or texts, such as a resource.
    case other
  }

  /// TensorFlow's number for the type: 1 is float, 2 double, 3 int32, 7 string.
  public var dtype = 0
  /// `[]` for a single value; sizes may be −1 where unknown.
  public var shape: [Int] = []
  /// The values, row-major.
  public var values = Values.numbers([])

  /// An empty one.
  public init() {}

  /// The number, where there is exactly one.
  public var scalar: Double? {
    guard case .numbers(let numbers) = values, numbers.count == 1 else { return nil }
    return numbers[0]
  }
}

/// TensorFlow's numbers for the types that event files hold.
enum TensorType {
  static let float = 1
  static let double = 2
  static let int32 = 3
  static let uint8 = 4
  static let int16 = 5
  static let int8 = 6
  static let string = 7
  static let int64 = 9
  static let bool = 10
  static let bfloat16 = 14
  static let uint16 = 17
  static let half = 19
  static let uint32 = 22
  static let uint64 = 23

  /// Bytes of one value in `tensor_content`; nil for types that cannot be there.
  static func width(_ dtype: Int) -> Int? {
    switch dtype {
    case uint8, int8, bool: 1
    case int16, uint16, half, bfloat16: 2
    case float, int32, uint32: 4
    case double, int64, uint64: 8
    default: nil
    }
  }
}

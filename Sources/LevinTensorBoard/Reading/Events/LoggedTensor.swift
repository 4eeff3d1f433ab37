/// A tensor as stored in an event file: shape, and values in one of several fields.
public struct LoggedTensor: Sendable, Hashable {
  /// Values in row-major order.
  public enum Values: Sendable, Hashable {
    /// Any real type whose values a `Double` holds exactly.
    case numbers([Double])
    /// int64.
    case integers([Int])
    /// uint64.
    case unsigned([UInt])
    /// complex64 or complex128.
    case complex([Complex])
    /// Byte strings.
    case strings([[UInt8]])
    /// A type without numbers or strings, such as a resource.
    case other
  }

  /// A complex number.
  public struct Complex: Sendable, Hashable {
    /// The real part.
    public var real: Double
    /// The imaginary part.
    public var imaginary: Double

    /// `real` + `imaginary` i.
    public init(_ real: Double, _ imaginary: Double) {
      self.real = real
      self.imaginary = imaginary
    }
  }

  /// TensorFlow's number of the type: 1 is float, 2 double, 3 int32, 7 string.
  public var dtype = 0
  /// The shape; `[]` for a single value.
  ///
  /// A size may be −1 if it is unknown.
  public var shape: [Int] = []
  /// The values in row-major order.
  public var values = Values.numbers([])

  /// An empty value.
  public init() {}

  /// The number, if there is exactly one; for 64-bit integers above 2⁵³ the nearest `Double`.
  public var scalar: Double? {
    switch values {
    case .numbers(let numbers) where numbers.count == 1: numbers[0]
    case .integers(let numbers) where numbers.count == 1: Double(numbers[0])
    case .unsigned(let numbers) where numbers.count == 1: Double(numbers[0])
    default: nil
    }
  }

  /// The 64-bit integer that ``scalar`` has rounded; nil if it is exact.
  var roundedInteger: Int128? {
    let integer: Int128
    switch values {
    case .integers(let numbers) where numbers.count == 1: integer = Int128(numbers[0])
    case .unsigned(let numbers) where numbers.count == 1: integer = Int128(numbers[0])
    default: return nil
    }
    return scalar.flatMap { Int128(exactly: $0) } == integer ? nil : integer
  }
}

/// TensorFlow's numbers of the types that event files hold.
enum TensorType {
  static let float = 1
  static let double = 2
  static let int32 = 3
  static let uint8 = 4
  static let int16 = 5
  static let int8 = 6
  static let string = 7
  static let complex64 = 8
  static let int64 = 9
  static let bool = 10
  static let bfloat16 = 14
  static let uint16 = 17
  static let complex128 = 18
  static let half = 19
  static let uint32 = 22
  static let uint64 = 23

  /// The size of one value in `tensor_content`, in bytes; nil for types that cannot occur there.
  static func width(_ dtype: Int) -> Int? {
    switch dtype {
    case uint8, int8, bool: 1
    case int16, uint16, half, bfloat16: 2
    case float, int32, uint32: 4
    case double, int64, uint64, complex64: 8
    case complex128: 16
    default: nil
    }
  }
}

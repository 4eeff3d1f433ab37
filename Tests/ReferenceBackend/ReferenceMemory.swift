import LevinTensor

/// Memory that only the reference backend can read: an array behind an object, and no pointer.
final class ReferenceMemory: @unchecked Sendable {
  var bytes: [UInt8]

  init(byteCount: Int) {
    // Reading uninitialized elements should be noticed, so they are neither 0 nor 1 nor close to it.
    bytes = [UInt8](repeating: 0xA5, count: byteCount)
  }
}

/// One element of a tensor, in the type that its dtype computes in.
enum Element {
  case float(Double)
  case integer(Int64)

  var double: Double {
    switch self {
    case .float(let value): value
    case .integer(let value): Double(value)
    }
  }

  /// As in conversions: values that do not fit become the least integer.
  var int: Int64 {
    switch self {
    case .float(let value): value >= -0x1p63 && value < 0x1p63 ? Int64(value) : .min
    case .integer(let value): value
    }
  }

  var isTrue: Bool {
    switch self {
    case .float(let value): value != 0
    case .integer(let value): value != 0
    }
  }

  /// The value seen by a kernel that computes in `dtype`.
  func computed(in dtype: DType) -> Element {
    switch dtype {
    case .float32, .float16, .bfloat16:
      // An integer is rounded once, not through a Double.
      if case .integer(let value) = self { return .float(Double(Float(value))) }
      return .float(Double(Float(double)))
    case .float64: return .float(double)
    case .int32, .int64, .uint8, .bool: return .integer(int)
    }
  }
}

extension ReferenceMemory {
  subscript(place: Int, dtype: DType) -> Element {
    get {
      func load<T>(_ type: T.Type) -> T {
        bytes.withUnsafeBytes {
          $0.loadUnaligned(fromByteOffset: place * dtype.byteCount, as: T.self)
        }
      }
      return switch dtype {
      case .float32: .float(Double(load(Float.self)))
      case .float64: .float(load(Double.self))
      case .int32: .integer(Int64(load(Int32.self)))
      case .int64: .integer(load(Int64.self))
      case .uint8, .bool: .integer(Int64(load(UInt8.self)))
      case .float16: .float(Self.fromFloat16(load(UInt16.self)))
      case .bfloat16: .float(Double(Float(bitPattern: UInt32(load(UInt16.self)) << 16)))
      }
    }
    set {
      func store<T>(_ value: T) {
        bytes.withUnsafeMutableBytes {
          $0.storeBytes(of: value, toByteOffset: place * dtype.byteCount, as: T.self)
        }
      }
      switch dtype {
      case .float32:
        if case .integer(let value) = newValue {
          store(Float(value))
        } else {
          store(Float(newValue.double))
        }
      case .float64: store(newValue.double)
      case .int32:
        if case .float(let value) = newValue {
          store(value > -0x1p31 - 1 && value < 0x1p31 ? Int32(value) : .min)
        } else {
          store(Int32(truncatingIfNeeded: newValue.int))
        }
      case .int64: store(newValue.int)
      case .uint8: store(UInt8(truncatingIfNeeded: newValue.int))
      case .bool: store(newValue.isTrue ? 1 : 0 as UInt8)
      case .float16: store(Self.toFloat16(Float(newValue.computed(in: .float32).double)))
      case .bfloat16: store(Self.toBFloat16(Float(newValue.computed(in: .float32).double)))
      }
    }
  }

  /// IEEE 754: a sign, 5 bits of exponent, 10 of fraction.
  private static func fromFloat16(_ bits: UInt16) -> Double {
    let (sign, exponent, fraction) = (
      bits >> 15 == 1 ? -1.0 : 1.0, Int(bits >> 10 & 31), Double(bits & 1023)
    )
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }

  /// The nearest, ties to even.
  private static func toFloat16(_ value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let size = Double(value.magnitude)
    if value.isNaN { return sign | 0x7e00 }
    if size >= 65520 { return sign | 0x7c00 }
    let exponent = size < 0x1p-14 ? -14 : Int(size.exponent)
    let unit = Double(sign: .plus, exponent: exponent - 10, significand: 1)
    let count = UInt16((size / unit).rounded(.toNearestOrEven))
    // Rounding up to the next power carries into the exponent by itself.
    return size < 0x1p-14 ? sign | count : sign | (UInt16(exponent + 14) << 10) + count
  }

  private static func toBFloat16(_ value: Float) -> UInt16 {
    if value.isNaN { return 0x7fc0 }
    let bits = value.bitPattern
    return UInt16((UInt64(bits) + 0x7fff + UInt64(bits >> 16 & 1)) >> 16)
  }
}

extension Operand {
  /// The locations of all elements in row-major order: a naive walk.
  var places: [Int] {
    var places = [offset]
    for (size, stride) in zip(shape, strides) {
      places = places.flatMap { place in (0..<size).map { place + $0 * stride } }
    }
    return places
  }

  var memory: ReferenceMemory {
    guard case .memory(let memory) = content, let own = memory as? ReferenceMemory else {
      fatalError("an operand in memory that the reference backend did not allocate")
    }
    return own
  }

  /// All elements in row-major order.
  var elements: [Element] {
    switch content {
    case .number(.bool(let value)): constant(.integer(value ? 1 : 0))
    case .number(.int(let value)): constant(.integer(value))
    case .number(.double(let value)): constant(.float(value))
    case .memory:
      places.map { memory[$0, dtype] }
    }
  }

  private func constant(_ element: Element) -> [Element] {
    [Element](repeating: element, count: shape.elementCount)
  }

  /// Overwrites all elements, in row-major order.
  func store(_ elements: [Element]) {
    let (memory, places) = (memory, places)
    for (place, element) in zip(places, elements) { memory[place, dtype] = element }
  }
}

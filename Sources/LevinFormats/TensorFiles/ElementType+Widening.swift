extension TensorFile.ElementType {
  /// The type that this one widens to without loss, among those that Levin computes with; nil if there is none.
  ///
  /// The 8-bit floats become float32, int8, int16 and uint16 int32, uint32 and uint64 int64; others stay.
  public var widened: TensorFile.ElementType? {
    switch self {
    case .bool, .uint8, .int32, .int64, .float16, .bfloat16, .float32, .float64: self
    case .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0: .float32
    case .int8, .int16, .uint16: .int32
    case .uint32, .uint64: .int64
    case .float6E2M3, .float6E3M2, .float4, .complex32, .complex64, .complex128: nil
    }
  }

  /// Writes the elements of `source`, which are of this type, as ``widened`` ones to `target`; returns the first
  /// element that has no such value (a uint64 beyond 2⁶³ - 1), or nil.
  func widen(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer) -> Int? {
    func each<From: BitwiseCopyable, To: BitwiseCopyable>(
      _ from: From.Type, _ convert: (From) -> To?
    ) -> Int? {
      for index in 0..<source.count / MemoryLayout<From>.size {
        let element = source.loadUnaligned(
          fromByteOffset: index * MemoryLayout<From>.size, as: From.self)
        guard let converted = convert(element) else { return index }
        target.storeBytes(of: converted, toByteOffset: index * MemoryLayout<To>.size, as: To.self)
      }
      return nil
    }
    switch self {
    case .int8: return each(Int8.self) { Int32($0) }
    case .int16: return each(Int16.self) { Int32($0) }
    case .uint16: return each(UInt16.self) { Int32($0) }
    case .uint32: return each(UInt32.self) { Int64($0) }
    case .uint64: return each(UInt64.self) { Int64(exactly: $0) }
    case .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0:
      let table = (0...255).map { float8(UInt8($0)) }
      return each(UInt8.self) { table[Int($0)] }
    default:
      target.copyMemory(from: source)
      return nil
    }
  }

  /// The value of an 8-bit float.
  private func float8(_ bits: UInt8) -> Float {
    if self == .float8E8M0 {
      // An exponent alone.
      return bits == 255 ? .nan : Float(sign: .plus, exponent: Int(bits) - 127, significand: 1)
    }
    let mantissaBits = self == .float8E4M3 || self == .float8E4M3FNUZ ? 3 : 2
    let isFNUZ = self == .float8E4M3FNUZ || self == .float8E5M2FNUZ
    // Types without a negative zero use its bits for NaN, and a bias that is one larger.
    if isFNUZ, bits == 0x80 { return .nan }
    let bias = (1 << (6 - mantissaBits)) - (isFNUZ ? 0 : 1)
    let magnitude = Int(bits & 0x7f)
    let (exponent, mantissa) = (magnitude >> mantissaBits, magnitude & (1 << mantissaBits - 1))
    if self == .float8E4M3, magnitude == 0x7f { return .nan }
    if self == .float8E5M2, exponent == 31 {
      return mantissa > 0 ? .nan : bits < 128 ? .infinity : -.infinity
    }
    let significand = exponent == 0 ? mantissa : mantissa + 1 << mantissaBits
    let value = Float(
      sign: .plus, exponent: max(exponent, 1) - bias - mantissaBits, significand: Float(significand)
    )
    return bits < 128 ? value : -value
  }
}

extension TensorFile.Entry {
  /// Reads the elements as ``TensorFile/ElementType/widened`` ones into memory of their size.
  ///
  /// Throws ``TensorFileError`` if the file is damaged, or if the type has no such one.
  public func readWidened(into memory: UnsafeMutableRawBufferPointer) throws {
    guard let type = elementType, type.widened != type else { return try read(into: memory) }
    guard type.widened != nil else {
      throw TensorFileError(
        path, "'\(name)' is of the type \(type.name), which Levin does not compute with",
        advice: "Convert it in Python")
    }
    try withBytes { bytes in
      if let index = type.widen(bytes, to: memory) {
        throw TensorFileError(
          path, "element \(index) of '\(name)', a \(type.name), is larger than an int64",
          advice: "Convert it in Python")
      }
    }
  }
}

/// The bits of a 16-bit float, whose type not every platform has.
enum Float16Bits {
  static func float(_ bits: UInt16) -> Float {
    let (exponent, mantissa) = (Int(bits >> 10 & 0x1f), Float(bits & 0x3ff))
    let magnitude: Float =
      switch exponent {
      case 0: mantissa * 0x1p-24
      case 31: mantissa > 0 ? .nan : .infinity
      default: Float(sign: .plus, exponent: exponent - 25, significand: mantissa + 1024)
      }
    return bits >> 15 == 1 ? -magnitude : magnitude
  }
}

extension LoggedTensor {
  /// Decodes a `TensorProto`.
  ///
  /// The values are those in the message. A message may give one value for all elements of a larger shape; it is not
  /// repeated, so a short record never makes a large array.
  init(decoding message: WireReader) throws(WireError) {
    self.init()
    var reader = message
    var content: WireReader?
    var numbers: [Double] = []
    var integers: [Int] = []
    var unsigned: [UInt] = []
    var strings: [[UInt8]] = []
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .varint): dtype = try reader.integer()
      case (2, .bytes): try Self.readShape(try reader.message(), into: &shape)
      case (4, .bytes): content = try reader.message()
      case (5, let kind), (9, let kind):
        try reader.repeated(kind, as: .fixed32, into: &numbers) { (r) throws(WireError) in
          Double(try r.float())
        }
      case (6, let kind), (12, let kind):
        try reader.repeated(kind, as: .fixed64, into: &numbers) { (r) throws(WireError) in
          try r.double()
        }
      case (7, let kind):
        try reader.repeated(kind, as: .varint, into: &numbers) { (r) throws(WireError) in
          Double(try r.integer())
        }
      case (10, let kind):
        try reader.repeated(kind, as: .varint, into: &integers) { (r) throws(WireError) in
          try r.integer()
        }
      case (11, let kind):
        try reader.repeated(kind, as: .varint, into: &numbers) { (r) throws(WireError) in
          try r.varint() == 0 ? 0 : 1
        }
      case (13, let kind):
        let isHalf = dtype == TensorType.half
        try reader.repeated(kind, as: .varint, into: &numbers) { (r) throws(WireError) in
          Self.short(UInt16(truncatingIfNeeded: try r.varint()), isHalf: isHalf)
        }
      case (16, let kind):
        try reader.repeated(kind, as: .varint, into: &numbers) { (r) throws(WireError) in
          Double(try r.varint())
        }
      case (17, let kind):
        try reader.repeated(kind, as: .varint, into: &unsigned) { (r) throws(WireError) in
          UInt(truncatingIfNeeded: try r.varint())
        }
      case (8, .bytes): strings.append(try reader.array())
      default: try reader.skip(key.kind)
      }
    }
    let bytes = content.map(\.rest) ?? UnsafeRawBufferPointer(start: nil, count: 0)
    if let width = TensorType.width(dtype), bytes.count % width != 0, let content {
      throw content.error("a tensor's \(bytes.count) bytes are not a whole number of values")
    }
    switch dtype {
    case TensorType.string:
      values = .strings(strings)
    case TensorType.int64:
      values = .integers(
        bytes.isEmpty ? integers : Self.words(bytes).map { Int(truncatingIfNeeded: $0) })
    case TensorType.uint64:
      values = .unsigned(
        bytes.isEmpty ? unsigned : Self.words(bytes).map { UInt(truncatingIfNeeded: $0) })
    case TensorType.complex64, TensorType.complex128:
      let part = dtype == TensorType.complex64 ? TensorType.float : TensorType.double
      let parts = bytes.isEmpty ? numbers : Self.numbers(in: bytes, dtype: part)
      values = .complex(
        stride(from: 1, to: parts.count, by: 2).map { Complex(parts[$0 - 1], parts[$0]) })
    case _ where TensorType.width(dtype) == nil:
      values = .other
    default:
      values = .numbers(bytes.isEmpty ? numbers : Self.numbers(in: bytes, dtype: dtype))
    }
  }

  private static func readShape(
    _ message: WireReader, into shape: inout [Int]
  ) throws(WireError) {
    var reader = message
    while let key = try reader.key() {
      guard key.field == 2, key.kind == .bytes else {
        try reader.skip(key.kind)
        continue
      }
      var dimension = try reader.message()
      var size = 0
      while let key = try dimension.key() {
        if key.field == 1, key.kind == .varint {
          size = try dimension.integer()
        } else {
          try dimension.skip(key.kind)
        }
      }
      shape.append(size)
    }
  }

  /// The 64-bit words of `tensor_content`.
  private static func words(_ bytes: UnsafeRawBufferPointer) -> [UInt64] {
    stride(from: 0, to: bytes.count, by: 8).map {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
    }
  }

  /// The values of `tensor_content`, a whole number of them: little endian, one after another.
  private static func numbers(in bytes: UnsafeRawBufferPointer, dtype: Int) -> [Double] {
    stride(from: 0, to: bytes.count, by: TensorType.width(dtype) ?? 1).map { offset in
      func load<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> Value {
        Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
      }
      switch dtype {
      case TensorType.float: return Double(Float(bitPattern: load(UInt32.self)))
      case TensorType.double: return Double(bitPattern: load(UInt64.self))
      case TensorType.int32: return Double(load(Int32.self))
      case TensorType.uint32: return Double(load(UInt32.self))
      case TensorType.int16: return Double(load(Int16.self))
      case TensorType.uint16: return Double(load(UInt16.self))
      case TensorType.int8: return Double(load(Int8.self))
      case TensorType.half: return short(load(UInt16.self), isHalf: true)
      case TensorType.bfloat16: return short(load(UInt16.self), isHalf: false)
      default: return Double(load(UInt8.self))
      }
    }
  }

  /// A 16-bit value: IEEE half precision, or the upper half of a `Float`.
  private static func short(_ bits: UInt16, isHalf: Bool) -> Double {
    guard isHalf else { return Double(Float(bitPattern: UInt32(bits) << 16)) }
    let sign: Double = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * (1 + fraction * 0x1p-10)
        * Double(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}

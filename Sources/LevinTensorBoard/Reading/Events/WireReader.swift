/// Where and why bytes are not a valid protobuf message.
struct WireError: Error {
  /// The position in bytes from the start of the record's data.
  var offset: Int
  var reason: String

  var description: String { "\(reason) at byte \(offset) of the record's data" }
}

/// Reads protobuf's wire format from bytes that it does not own; their owner must outlive it.
///
/// Every length is checked against the remaining bytes before it is used, and nothing is allocated.
struct WireReader {
  /// The four kinds of field on the wire; groups left the format long ago.
  enum Kind: UInt8 { case varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 }

  struct Key {
    var field: UInt64
    var kind: Kind
  }

  private let base: UnsafeRawBufferPointer
  private var position: Int
  private let end: Int

  init(_ bytes: UnsafeRawBufferPointer) {
    base = bytes
    position = 0
    end = bytes.count
  }

  private init(_ base: UnsafeRawBufferPointer, from position: Int, to end: Int) {
    self.base = base
    self.position = position
    self.end = end
  }

  var isAtEnd: Bool { position == end }
  var count: Int { end - position }
  /// The remaining bytes.
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: base[position..<end]) }

  /// An error at the current position.
  func error(_ reason: String) -> WireError { WireError(offset: position, reason: reason) }

  /// The next field's number and kind; nil at the end of the message.
  @inline(__always)
  mutating func key() throws(WireError) -> Key? {
    if position == end { return nil }
    let value = try varint()
    guard let kind = Kind(rawValue: UInt8(truncatingIfNeeded: value & 7)) else {
      throw error("a field of unknown kind \(value & 7)")
    }
    guard value >> 3 != 0, value >> 3 < 1 << 29 else {
      throw error("a field with the number \(value >> 3)")
    }
    return Key(field: value >> 3, kind: kind)
  }

  @inline(__always)
  mutating func varint() throws(WireError) -> UInt64 {
    guard position < end else { throw error("a number is cut short") }
    let first = base[position]
    if first < 0x80 {
      position += 1
      return UInt64(first)
    }
    return try longVarint()
  }

  private mutating func longVarint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = base[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      if shift > 63 { throw error("a number of more than ten bytes") }
    }
    throw error("a number is cut short")
  }

  @inline(__always)
  mutating func fixed64() throws(WireError) -> UInt64 {
    guard end - position >= 8 else { throw error("eight bytes are cut short") }
    defer { position += 8 }
    return base.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
  }

  @inline(__always)
  mutating func fixed32() throws(WireError) -> UInt32 {
    guard end - position >= 4 else { throw error("four bytes are cut short") }
    defer { position += 4 }
    return base.loadUnaligned(fromByteOffset: position, as: UInt32.self).littleEndian
  }

  /// A reader over the bytes of a length-delimited field.
  @inline(__always)
  mutating func message() throws(WireError) -> WireReader {
    let length = try varint()
    guard length <= UInt64(end - position) else {
      throw error("a field of \(length) bytes with \(end - position) left")
    }
    let start = position
    position += Int(length)
    return WireReader(base, from: start, to: position)
  }

  mutating func skip(_ kind: Kind) throws(WireError) {
    switch kind {
    case .varint: _ = try varint()
    case .fixed64: _ = try fixed64()
    case .fixed32: _ = try fixed32()
    case .bytes: _ = try message()
    }
  }
}

extension WireReader {
  mutating func double() throws(WireError) -> Double { Double(bitPattern: try fixed64()) }
  mutating func float() throws(WireError) -> Float { Float(bitPattern: try fixed32()) }
  /// An `int64` or `int32`; as in protobuf, excess bits are cut off.
  mutating func integer() throws(WireError) -> Int {
    Int(truncatingIfNeeded: Int64(bitPattern: try varint()))
  }
  mutating func array() throws(WireError) -> [UInt8] { Array(try message().rest) }

  /// A string; protobuf requires UTF-8.
  mutating func string() throws(WireError) -> String {
    let start = position
    let bytes = try message()
    guard let text = String(validating: bytes.rest, as: UTF8.self) else {
      throw WireError(offset: start, reason: "a text that is not UTF-8")
    }
    return text
  }

  /// The values of a repeated numeric field, packed or one at a time.
  mutating func repeated<Value>(
    _ kind: Kind, as single: Kind, into values: inout [Value],
    _ read: (inout WireReader) throws(WireError) -> Value
  ) throws(WireError) {
    guard kind == .bytes else {
      guard kind == single else { return try skip(kind) }
      return values.append(try read(&self))
    }
    var packed = try message()
    let width =
      switch single {
      case .fixed64: 8
      case .fixed32: 4
      default: 1
      }
    values.reserveCapacity(values.count + packed.count / width)
    while !packed.isAtEnd { values.append(try read(&packed)) }
  }
}

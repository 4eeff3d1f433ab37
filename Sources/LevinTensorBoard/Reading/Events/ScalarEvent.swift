/// An event that carries one scalar and nothing else, found with a minimum of decoding.
///
/// Nearly all events of a run have this form. Anything else, or anything broken, gives nil and goes to the full
/// decoder; where this decoder returns a value, the full one returns the same.
struct ScalarEvent {
  var wallTime = 0.0
  var step = 0
  var value = 0.0
  /// The tag's UTF-8, not yet validated.
  var tag: UnsafeRawBufferPointer
  /// Whether the value is in a tensor: it is a scalar only if the tag's metadata says so.
  var isTensor = false
  /// Whether the event has the tag's metadata.
  var hasMetadata = false

  @inline(__always)
  init?(scanning record: UnsafeRawBufferPointer) {
    tag = UnsafeRawBufferPointer(rebasing: record[..<0])
    do throws(WireError) {
      guard try scan(record) else { return nil }
    } catch {
      return nil
    }
  }

  @inline(__always)
  private mutating func scan(_ record: UnsafeRawBufferPointer) throws(WireError) -> Bool {
    var reader = WireReader(record)
    var found = false
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .fixed64): wallTime = try reader.double()
      case (2, .varint): step = try reader.integer()
      case (5, .bytes):
        var summary = try reader.message()
        guard !found, let key = try summary.key(), key.field == 1, key.kind == .bytes else {
          return false
        }
        let value = try summary.message()
        guard summary.isAtEnd, try scan(value: value) else { return false }
        found = true
      default: return false
      }
    }
    return found
  }

  @inline(__always)
  private mutating func scan(value message: WireReader) throws(WireError) -> Bool {
    var reader = message
    var found = false
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .bytes): tag = try reader.message().rest
      case (2, .fixed32):
        value = Double(try reader.float())
        isTensor = false
        found = true
      case (8, .bytes):
        guard let number = try Self.scalar(in: try reader.message()) else { return false }
        value = number
        isTensor = true
        found = true
      case (9, .bytes):
        _ = try reader.message()
        hasMetadata = true
      default: return false
      }
    }
    return found
  }

  /// The number of a tensor with one `float` or `double`; nil for all others.
  private static func scalar(in message: WireReader) throws(WireError) -> Double? {
    var reader = message
    var dtype = 0
    var float: Double?
    var double: Double?
    var content: WireReader?
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .varint): dtype = try reader.integer()
      case (2, .bytes):
        // The rank is 0, as for scalars; other tensors go to the full decoder.
        guard try reader.message().isAtEnd else { return nil }
      case (4, .bytes): content = try reader.message()
      case (5, .bytes):
        var packed = try reader.message()
        guard float == nil, packed.count == 4 else { return nil }
        float = Double(try packed.float())
      case (6, .bytes):
        var packed = try reader.message()
        guard double == nil, packed.count == 8 else { return nil }
        double = try packed.double()
      default: return nil
      }
    }
    switch dtype {
    case TensorType.float:
      guard var content else { return double == nil ? float : nil }
      return content.count == 4 ? Double(try content.float()) : nil
    case TensorType.double:
      guard var content else { return float == nil ? double : nil }
      return content.count == 8 ? try content.double() : nil
    default: return nil
    }
  }
}

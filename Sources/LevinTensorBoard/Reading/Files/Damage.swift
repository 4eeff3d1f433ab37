/// A damaged place in an event file.
public struct Damage: Sendable, Hashable, CustomStringConvertible {
  /// The kinds of damage.
  public enum Kind: Sendable, Hashable {
    /// The checksum of a record's length does not match, so the framing is lost there.
    case lengthChecksum(stored: UInt32, computed: UInt32)
    /// The checksum of a record's bytes does not match.
    case dataChecksum(length: Int, stored: UInt32, computed: UInt32)
    /// The record is longer than the reader accepts.
    case tooLarge(length: UInt64, limit: Int)
    /// The file ends inside a record.
    case cut(missing: UInt64)
    /// The framing and checksums are right, but the bytes are not an event.
    case undecodable(String)
  }

  /// Where the damaged record begins, in bytes from the start of the file.
  public var offset: Int
  /// Where reading continues; everything in `offset..<end` is lost.
  public var end: Int
  /// The kind of damage.
  public var kind: Kind

  /// Creates damage from `offset` to `end`.
  public init(offset: Int, end: Int, kind: Kind) {
    self.offset = offset
    self.end = end
    self.kind = kind
  }

  /// Offset, kind and extent in one line.
  public var description: String {
    "byte \(offset): \(kind); \(end - offset) bytes skipped"
  }
}

extension Damage.Kind: CustomStringConvertible {
  /// The kind in words.
  public var description: String {
    switch self {
    case .lengthChecksum(let stored, let computed):
      return "the length's checksum is \(hexadecimal(stored)), computed \(hexadecimal(computed))"
    case .dataChecksum(let length, let stored, let computed):
      return "the checksum of \(length) bytes of data is \(hexadecimal(stored)), "
        + "computed \(hexadecimal(computed))"
    case .tooLarge(let length, let limit):
      return "a record of \(length) bytes, more than the limit of \(limit)"
    case .cut(let missing):
      return "the record is cut short, \(missing) bytes are missing"
    case .undecodable(let reason):
      return "not a TensorBoard event: \(reason)"
    }
  }
}

/// `value` as `0x` and eight digits.
func hexadecimal(_ value: UInt32) -> String {
  let digits = String(value, radix: 16)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}

/// Reads one event file, record by record, as far as it has been written.
///
///     let reader = try EventFileReader(path: path)
///     while let item = try reader.next() {
///       switch item {
///       case .event(let event, let offset): …
///       case .damage(let damage): print(damage)
///       }
///     }
///
/// ``next()`` returns nil at the end, and continues when the file has grown. Memory does not depend on the length of
/// the file: 1 MiB, or the longest record if that is longer, plus the current event. A record longer than
/// `maximumRecordLength` is skipped and reported. A decoded record normally takes about its length in memory; even a
/// malicious one takes at most 40 times its length and 16 MiB.
public final class EventFileReader {
  /// The next part of the file.
  public enum Item: Sendable {
    /// An event and the byte at which its record begins.
    case event(LoggedEvent, offset: Int)
    case damage(Damage)
  }

  /// What follows the last complete record.
  public enum Tail: Sendable, Hashable {
    /// Nothing follows.
    case clean
    /// A record that is not yet complete; at least `missing` bytes are still to come.
    case cut(offset: Int, missing: UInt64)
    /// Bytes that belong to no record.
    case lost(offset: Int)
  }

  /// 256 MiB: more than the pictures of any stock writer, and still affordable.
  public static let defaultMaximumRecordLength = 256 << 20

  /// The path of the file.
  public let path: String
  private var records: RecordReader

  /// Opens the file at `path`, which may still be growing.
  public init(
    path: String, maximumRecordLength: Int = defaultMaximumRecordLength
  ) throws(EventFileError) {
    self.path = path
    records = try RecordReader(path: path, limit: maximumRecordLength)
  }

  /// The next event or damage; nil if nothing more has been written so far.
  public func next() throws(EventFileError) -> Item? { item(try records.next()) }

  /// What follows the last complete record, once ``next()`` has returned nil.
  public var tail: Tail { records.tail }

  /// Where the next record begins.
  public var offset: Int { records.position }

  /// The length of the file in bytes when ``next()`` returned nil.
  public var length: Int { records.seenLength }

  /// Gives up on a record that is cut short at the end, because no one will write the rest.
  ///
  /// It then counts as damage, and ``next()`` returns the complete records after it, if there are any. Returns nil if
  /// there is no such record.
  public func salvageTail() throws(EventFileError) -> Damage? {
    guard case .damage(let damage)? = try records.salvageTail() else { return nil }
    return damage
  }

  private func item(_ step: RecordReader.Step) -> Item? {
    switch step {
    case .end: return nil
    case .damage(let damage): return .damage(damage)
    case .record(let offset, let payload):
      do throws(WireError) {
        return .event(try LoggedEvent(decoding: payload), offset: offset)
      } catch {
        return .damage(
          Damage(offset: offset, end: records.position, kind: .undecodable(error.description)))
      }
    }
  }
}

/// Reads one event file, record by record, as far as it is written.
///
///     let reader = try EventFileReader(path: path)
///     while let item = try reader.next() {
///       switch item {
///       case .event(let event, let offset): …
///       case .damage(let damage): print(damage)
///       }
///     }
///
/// ``next()`` returns nil at the end, and continues when the file has grown. Memory does not depend on
/// the length of the file: 1 MiB, or the longest record if that is longer, plus the event in hand.
/// A record longer than `maximumRecordLength` is stepped over and reported. Decoded, a record takes
/// at most 40 times its length and 16 MiB (hostile ones; honest ones take about their length).
public final class EventFileReader {
  /// What comes next in the file.
  public enum Item: Sendable {
    /// An event and the byte at which its record begins.
    case event(LoggedEvent, offset: Int)
    case damage(Damage)
  }

  /// What follows the last whole record.
  public enum Tail: Sendable, Hashable {
    /// Nothing follows.
    case clean
    /// A record that is not yet written in full; `missing` bytes at least are still to come.
    case cut(offset: Int, missing: UInt64)
    /// Bytes that belong to no record.
    case lost(offset: Int)
  }

  /// 256 MiB: more than any stock writer's pictures, and bearable.
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

  /// The next event or damage; nil when nothing more is written so far.
  public func next() throws(EventFileError) -> Item? { item(try records.next()) }

  /// What follows the last whole record, after ``next()`` returned nil.
  public var tail: Tail { records.tail }

  /// Where the next record begins.
  public var offset: Int { records.position }

  /// How long the file was when ``next()`` gave nil, in bytes.
  public var length: Int { records.seenLength }

  /// Gives up a record that is cut short at the end, because nobody will write the rest.
  ///
  /// It counts as damage then, and ``next()`` gives the whole records behind it, if there are any.
  /// Nil when there is no such record.
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

internal import LevinSystem

/// The result of ``init(_:to:)``.
public struct EventFileRepair: Sendable {
  /// The number of records that were kept, byte for byte.
  public private(set) var keptRecords = 0
  /// The number of their bytes.
  public private(set) var keptBytes = 0
  /// The damage that was left out.
  public private(set) var damage: [Damage] = []

  /// Copies every complete record of the file at `path` to a new file at `output`: those with correct checksums that
  /// hold an event.
  ///
  /// A record that is cut short at the end is left out, so no one may still be writing the file. The new file appears
  /// whole or not at all; a file without any complete record is an error.
  public init(_ path: String, to output: String) throws(EventFileError) {
    var reader = try RecordReader(path: path, limit: EventFileReader.defaultMaximumRecordLength)
    var file: ReplacementFile
    do throws(FileError) { file = try ReplacementFile(output) } catch {
      throw EventFileError("write", error)
    }
    var isSalvaged = false
    while true {
      switch try reader.next() {
      case .end:
        if !isSalvaged, case .damage(let tail)? = try reader.salvageTail() {
          isSalvaged = true
          damage.append(tail)
          continue
        }
        guard keptRecords > 0 else { throw .noEventFile(path: path, length: reader.seenLength) }
        do throws(FileError) { try file.finish() } catch { throw EventFileError("write", error) }
        return
      case .damage(let found):
        damage.append(found)
      case .record(let offset, let payload):
        do throws(WireError) {
          _ = try LoggedEvent(decoding: payload)
        } catch {
          damage.append(
            Damage(offset: offset, end: reader.position, kind: .undecodable(error.description)))
          continue
        }
        do throws(FileError) { try file.write(RecordReader.whole(payload)) } catch {
          throw EventFileError("write", error)
        }
        keptRecords += 1
        keptBytes += payload.count + RecordReader.overhead
      }
    }
  }
}

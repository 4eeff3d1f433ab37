internal import LevinSystem

/// An event file that is being written; each `write` has only complete records.
final class EventFile {
  let path: String
  private let file: OpenFile
  private var isNameSynchronized = false
  private let encoder = EventEncoder()
  private let records = RecordBuffer()
  /// The approximate size of a write, so that a value that is slow to encode does not hold up the rest.
  private static let writeSize = 256 << 10

  /// Creates a file in `directory` whose name sorts after those of all event files there, with its first two records:
  /// the version and a session START.
  ///
  /// The START is at step 0 in the run's first file. In a later one it is at `purgeStep`, or else at `firstStep`; if
  /// others are writing to the folder, it is late enough to hide nothing.
  init(in directory: String, purgeStep: Int64?, firstStep: Int64) throws {
    let lock = FolderLock(in: directory)
    defer { lock.release() }
    let existing = Self.existingNames(in: directory)
    let now = Clock.wallTime
    file = try Self.open(in: directory, after: existing, seconds: Int(now))
    path = file.path
    // Locked as long as it is open, which tells others that it is being written.
    _ = file.tryLock()
    let isOnlyWriter = !existing.contains { OpenFile.isLocked(directory + "/" + $0) }
    let step = existing.isEmpty ? 0 : purgeStep ?? (isOnlyWriter ? firstStep : .max)
    try append([
      PendingEvent(
        wallTime: now, step: 0,
        content: .fileVersion("brain.Event:2", writer: Self.writerName)),
      PendingEvent(wallTime: now, step: step, content: .sessionStart),
    ])
  }

  private static func open(
    in directory: String, after existing: [String], seconds: Int
  ) throws -> OpenFile {
    let number = FileCounter.next()
    // If the clock is behind the newest file, or the name would sort first, the name gets a later second.
    let newest = existing.filter { Self.seconds(in: $0) != nil }.max()
    var seconds = max(seconds, newest.flatMap(Self.seconds) ?? 0)
    if let newest, name(seconds: seconds, number) <= newest { seconds += 1 }
    while true {
      let path = directory + "/" + name(seconds: seconds, number)
      do throws(FileError) {
        return try OpenFile(path, for: .creating)
      } catch {
        guard error.alreadyExists else { throw EventWriterError(error) }
        seconds += 1
      }
    }
  }

  /// Writes events.
  func append(_ events: [PendingEvent]) throws {
    for event in events {
      encoder.append(event, to: records)
      if records.bytes.count >= Self.writeSize { try writeRecords() }
    }
    try writeRecords()
  }

  private func writeRecords() throws {
    defer { records.removeAll() }
    let bytes = records.bytes
    var done = 0
    do throws(FileError) {
      try file.write(bytes, done: &done)
    } catch {
      // A record that was begun is removed, so that the file ends with a complete one.
      let begun = done - records.byteCount(ofWholeRecordsIn: done)
      if begun > 0, let length = try? file.status().length {
        try? file.truncate(to: length - begun)
      }
      throw EventWriterError(error)
    }
  }

  /// Returns when the bytes are on the disk.
  ///
  /// Throws if they are not, or if the file is no longer in its folder.
  func synchronize() throws {
    do throws(FileError) { try file.synchronize() } catch { throw EventWriterError(error) }
    if !isNameSynchronized {
      FileSystem.synchronizeNames(in: FileSystem.folder(of: path))
      isNameSynchronized = true
    }
    guard (try? file.status())?.linkCount != 0 else {
      throw EventWriterError(path: path, "somebody removed it. Keep it until the writer is closed.")
    }
  }

  private static func existingNames(in directory: String) -> [String] {
    FileSystem.names(in: directory).filter { $0.contains("tfevents") }
  }

  /// The name of the writer in a file's first event.
  static let writerName = "levin.SummaryWriter"
  private static let prefix = "events.out.tfevents."

  private static func name(seconds: Int, _ number: Int) -> String {
    let digits = String(seconds)
    let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    return "\(prefix)\(padded).\(CurrentProcess.hostName).\(CurrentProcess.id).\(number)"
  }

  /// The seconds in a file name of this form; nil for other names.
  private static func seconds(in name: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let digits = name.dropFirst(prefix.count).prefix { $0 != "." }
    return digits.count == 10 ? Int(digits) : nil
  }
}

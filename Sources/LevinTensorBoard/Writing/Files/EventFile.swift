import Foundation

/// One event file that is being written: only whole records, each time in one `write`.
final class EventFile {
  let path: String
  private let descriptor: Int32
  private var isNameSynchronized = false
  private let encoder = EventEncoder()
  private let records = RecordBuffer()
  /// A write holds about this much, so that what is slow to encode does not keep the rest waiting.
  private static let writeSize = 256 << 10

  /// Makes a file in `directory` whose name sorts after those of all event files there, with its
  /// first two records: the version, and a session START.
  ///
  /// The START is at step 0 in the run's first file. In a later one it is at `purgeStep`, or else at
  /// `firstStep`; if others are writing into the folder, so late that it hides nothing.
  init(in directory: String, purgeStep: Int64?, firstStep: Int64) throws {
    let lock = FolderLock(in: directory)
    defer { lock.release() }
    let existing = Self.existingNames(in: directory)
    let now = Date().timeIntervalSince1970
    (path, descriptor) = try Self.open(in: directory, after: existing, seconds: Int(now))
    // Locked as long as it is open, which tells others that it is being written.
    flock(descriptor, LOCK_EX | LOCK_NB)
    let isOnlyWriter = !existing.contains { Self.isBeingWritten(directory + "/" + $0) }
    let step = existing.isEmpty ? 0 : purgeStep ?? (isOnlyWriter ? firstStep : .max)
    try append([
      PendingEvent(
        wallTime: now, step: 0,
        content: .fileVersion("brain.Event:2", writer: Self.writerName)),
      PendingEvent(wallTime: now, step: step, content: .sessionStart),
    ])
  }

  private static func isBeingWritten(_ path: String) -> Bool {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { Foundation.close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  private static func open(
    in directory: String, after existing: [String], seconds: Int
  ) throws -> (path: String, descriptor: Int32) {
    let number = FileCounter.next()
    // Where the clock is behind the newest file, or its name would sort first, a later second
    // stands in the name.
    let newest = existing.filter { Self.seconds(in: $0) != nil }.max()
    var seconds = max(seconds, newest.flatMap(Self.seconds) ?? 0)
    if let newest, name(seconds: seconds, number) <= newest { seconds += 1 }
    while true {
      let path = directory + "/" + name(seconds: seconds, number)
      let descriptor = Foundation.open(
        path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
      if descriptor >= 0 { return (path, descriptor) }
      guard errno == EEXIST else { throw EventWriterError(path: path, errno) }
      seconds += 1
    }
  }

  deinit { Foundation.close(descriptor) }

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
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        // A record that was begun is taken back, so that the file ends with a whole one.
        let begun = done - records.byteCount(ofWholeRecordsIn: done)
        if begun > 0 { ftruncate(descriptor, lseek(descriptor, 0, SEEK_END) - off_t(begun)) }
        throw EventWriterError(path: path, code)
      }
      done += count
    }
  }

  /// Returns when the bytes are on the disk.
  ///
  /// Throws where they are not, or where the file is no longer in its folder.
  func synchronize() throws {
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw EventWriterError(path: path, errno)
    }
    if !isNameSynchronized { synchronizeName() }
    var status = stat()
    guard fstat(descriptor, &status) != 0 || status.st_nlink > 0 else {
      throw EventWriterError(path: path, "somebody removed it. Keep it until the writer is closed.")
    }
  }

  /// Puts the file's name on the disk, which is the folder's; some file systems cannot.
  private func synchronizeName() {
    let folder = Foundation.open(
      (path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    fsync(folder)
    Foundation.close(folder)
    isNameSynchronized = true
  }

  private static func existingNames(in directory: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { $0.contains("tfevents") }
  }

  /// As which the writer is named in a file's first event.
  static let writerName = "levin.SummaryWriter"
  private static let prefix = "events.out.tfevents."

  private static func name(seconds: Int, _ number: Int) -> String {
    let digits = String(seconds)
    let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    return "\(prefix)\(padded).\(host).\(getpid()).\(number)"
  }

  /// The seconds in a name that is formed as these are; nil in all others.
  private static func seconds(in name: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let digits = name.dropFirst(prefix.count).prefix { $0 != "." }
    return digits.count == 10 ? Int(digits) : nil
  }

  private static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()
}

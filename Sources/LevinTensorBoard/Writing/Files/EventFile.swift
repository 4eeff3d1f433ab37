import Foundation

/// One event file that is being written: whole records only, in one `write` each time.
final class EventFile {
  let path: String
  private let descriptor: Int32

  /// Makes a file in `directory` whose name sorts after those of all event files there, with its
  /// first two records: the version, and a session START at `step` (0 in the run's first file).
  init(in directory: String, step: Int64) throws {
    let existing = Self.existingNames(in: directory)
    let now = Date().timeIntervalSince1970
    (path, descriptor) = try Self.open(in: directory, after: existing, seconds: Int(now))
    let (encoder, head) = (EventEncoder(), RecordBuffer())
    encoder.append(
      PendingEvent(
        wallTime: now, step: 0,
        content: .fileVersion("brain.Event:2", writer: "levin.SummaryWriter")),
      to: head)
    encoder.append(
      PendingEvent(wallTime: now, step: existing.isEmpty ? 0 : step, content: .sessionStart),
      to: head)
    try write(head.bytes)
  }

  private static func open(
    in directory: String, after existing: [String], seconds: Int
  ) throws -> (path: String, descriptor: Int32) {
    var seconds = seconds
    while true {
      let name = name(seconds: seconds)
      let path = directory + "/" + name
      seconds += 1
      guard existing.allSatisfy({ $0 < name }) else { continue }
      let descriptor = Foundation.open(
        path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
      if descriptor >= 0 { return (path, descriptor) }
      guard errno == EEXIST else { throw EventWriterError(doing: "make", path: path, errno) }
    }
  }

  deinit { Foundation.close(descriptor) }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        // What was begun is taken back, so that the file ends with a whole record.
        if done > 0 { ftruncate(descriptor, lseek(descriptor, 0, SEEK_END) - off_t(done)) }
        throw EventWriterError(doing: "write to", path: path, code)
      }
      done += count
    }
  }

  /// Returns when the bytes are on the disk.
  func synchronize() throws {
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw EventWriterError(doing: "sync", path: path, errno)
    }
  }

  private static func existingNames(in directory: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { $0.contains("tfevents") }
  }

  private static func name(seconds: Int) -> String {
    let digits = String(seconds)
    let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    return "events.out.tfevents.\(padded).\(host).\(getpid()).\(FileCounter.next())"
  }

  private static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()
}

import Foundation

/// The event files of a run that resumes from an earlier point.
struct EventHistory {
  private let directory: String

  init(_ directory: String) { self.directory = directory }

  /// See ``SummaryWriter/rewind(_:to:)``.
  func rewind(to mark: String) throws -> Int? {
    let lock = FolderLock(in: directory)
    defer { lock.release() }
    let files = try Run.eventFiles(in: directory)
    var lastStep = -1
    for (number, path) in files.enumerated() {
      let reader = try EventFileReader(path: path)
      while let item = try reader.next() {
        guard case .event(let event, _) = item else { continue }
        switch event.content {
        case .sessionLog(let log) where log.status == .checkpoint && log.message == mark:
          for later in files[(number + 1)...].reversed() where try isOurs(later) {
            try rename(later, to: freePath(for: later))
          }
          try cut(path, at: reader.offset)
          return lastStep == .max ? .max : lastStep + 1
        case .summary: lastStep = max(lastStep, event.step)
        default: break
        }
      }
    }
    return nil
  }

  private func isOurs(_ path: String) throws -> Bool {
    guard case .event(let event, _)? = try EventFileReader(path: path).next() else { return false }
    return event.sourceWriter == EventFile.writerName
  }

  /// Moves everything after `offset` to a separate file.
  private func cut(_ path: String, at offset: Int) throws {
    guard let input = FileHandle(forReadingAtPath: path) else {
      throw EventWriterError(path: path, errno)
    }
    defer { try? input.close() }
    guard try input.seekToEnd() > offset else { return }
    try input.seek(toOffset: UInt64(offset))
    let void = freePath(for: path)
    let descriptor = open(void, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw EventWriterError(path: void, errno) }
    let output = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      while let chunk = try input.read(upToCount: 1 << 20), !chunk.isEmpty {
        try output.write(contentsOf: chunk)
      }
      try output.synchronize()
    } catch {
      let code = errno
      unlink(void)
      throw EventWriterError(path: void, code)
    }
    guard truncate(path, off_t(offset)) == 0 else { throw EventWriterError(path: path, errno) }
  }

  private func rename(_ path: String, to other: String) throws {
    guard Foundation.rename(path, other) == 0 else { throw EventWriterError(path: path, errno) }
  }

  /// A name for void records of the file at `path` that nothing has yet.
  private func freePath(for path: String) -> String {
    let name = (path as NSString).lastPathComponent.replacing("tfevents", with: "void")
    var number = 0
    while true {
      let candidate = "\(directory)/\(name)" + (number == 0 ? "" : "-\(number)")
      if access(candidate, F_OK) != 0 { return candidate }
      number += 1
    }
  }
}

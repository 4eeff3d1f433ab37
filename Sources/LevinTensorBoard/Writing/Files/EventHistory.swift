internal import LevinSystem

/// The event files of a run that resumes from an earlier point.
struct EventHistory {
  private let directory: String

  init(_ directory: String) { self.directory = directory }

  /// See ``SummaryWriter/rewind(_:to:)``.
  func rewind(to mark: String) throws -> Int? {
    do { return try rewound(to: mark) } catch let error as FileError {
      throw EventWriterError(error)
    }
  }

  private func rewound(to mark: String) throws -> Int? {
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
            try FileSystem.rename(later, to: freePath(for: later))
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
  private func cut(_ path: String, at offset: Int) throws(FileError) {
    let input = try OpenFile(path, for: .updating)
    guard try input.status().length > offset else { return }
    let void = freePath(for: path)
    do throws(FileError) {
      let output = try OpenFile(void, for: .creating)
      let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
      defer { chunk.deallocate() }
      var place = offset
      while case let count = try input.read(into: chunk, at: place), count > 0 {
        try output.write(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        place += count
      }
      try output.synchronize()
    } catch {
      if !error.alreadyExists { FileSystem.removeFile(void) }
      throw error
    }
    try input.truncate(to: offset)
  }

  /// An unused name for the void records of the file at `path`.
  private func freePath(for path: String) -> String {
    let name = String(path.split(separator: "/").last ?? "").replacing("tfevents", with: "void")
    var number = 0
    while true {
      let candidate = "\(directory)/\(name)" + (number == 0 ? "" : "-\(number)")
      if !FileSystem.exists(candidate) { return candidate }
      number += 1
    }
  }
}

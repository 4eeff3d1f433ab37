internal import LevinData
internal import LevinSystem

/// Fetches files from mirrors until each is complete and correct.
struct Downloader {
  /// Addresses that end in `/`, in the order in which they are tried.
  var mirrors: [String]
  /// The folder for the files.
  let folder: String
  /// How long a mirror may send nothing before it is abandoned.
  var stallTimeout = Duration.seconds(10)
  /// How often a mirror that breaks off is asked for the rest before the next one is tried.
  var resumesPerMirror = 3
  var onEvent: @Sendable (DownloadEvent) -> Void = { _ in }

  /// No mirror provided a file.
  struct Failure: Error {
    let file: String
    let attempts: [DownloadError.Attempt]
  }

  /// Fetches those of `files` that are missing.
  ///
  /// A mirror that failed is tried last for the next file.
  ///
  /// Throws a ``Failure``, a ``FileError`` when the disk refuses, or a `CancellationError`.
  mutating func fetch(_ files: [RemoteFile]) async throws {
    try FileBytes.makeFolder(folder)
    for file in files { try await fetch(file) }
  }

  private mutating func fetch(_ file: RemoteFile) async throws {
    let path = "\(folder)/\(file.name)"
    guard let partial = try await Self.lock(path) else { return }
    defer { partial.removeIfEmpty() }
    if partial.count >= file.byteCount { try partial.clear() }
    var attempts: [DownloadError.Attempt] = []
    for mirror in mirrors {
      let address = mirror + file.name
      do {
        try await fetch(file, from: address, into: partial)
        try partial.commit()
        return
      } catch let error as MirrorError {
        try Task.checkCancellation()
        attempts.append(.init(address: address, problem: error.description))
        onEvent(.failed(address: address, problem: error.description))
        mirrors.removeAll { $0 == mirror }
        mirrors.append(mirror)
      }
    }
    throw Failure(file: file.name, attempts: attempts)
  }

  /// Locks the partial file once no other process holds it; nil if the complete file exists by then.
  private static func lock(_ path: String) async throws -> PartialFile? {
    while !FileBytes.isFile(path) {
      if let partial = try PartialFile.lock(path) {
        guard FileBytes.isFile(path) else { return partial }
        partial.removeIfEmpty()
        return nil
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    return nil
  }

  /// Fetches the missing rest of `file` from one mirror, and checks the complete file.
  private func fetch(
    _ file: RemoteFile, from address: String, into partial: PartialFile
  ) async throws {
    var resumes = 0
    while true {
      let before = partial.count
      try await transfer(file, from: address, into: partial)
      if partial.count == file.byteCount {
        let found = try partial.sha256()
        if found == file.sha256 { return }
        try partial.clear()
        // The part from another mirror or an earlier day may have been wrong: try once more from the start.
        if before > 0 { continue }
        throw MirrorError.wrongContent(found: found, expected: file.sha256)
      }
      guard partial.count > before, resumes < resumesPerMirror else {
        throw MirrorError.brokeOff(received: partial.count, expected: file.byteCount)
      }
      resumes += 1
    }
  }

  /// Appends what one request returns.
  private func transfer(
    _ file: RemoteFile, from address: String, into partial: PartialFile
  ) async throws {
    func report() {
      onEvent(
        .progress(
          file: file.name, address: address, received: partial.count, total: file.byteCount))
    }
    func append(_ bytes: [UInt8]) throws {
      guard partial.count + bytes.count <= file.byteCount else {
        let found = partial.count + bytes.count
        try partial.clear()
        throw MirrorError.wrongSize(found: found, expected: file.byteCount)
      }
      try bytes.withUnsafeBytes { try partial.append($0) }
      report()
    }

    report()
    if let path = FileAddress.path(address) {
      try partial.clear()
      let bytes: [UInt8]
      do { bytes = try FileBytes.read(path) } catch { throw MirrorError.unreadable("\(error)") }
      guard bytes.count == file.byteCount else {
        throw MirrorError.wrongSize(found: bytes.count, expected: file.byteCount)
      }
      return try append(bytes)
    }
    do {
      for try await part in HTTPTransfer.get(
        address, from: partial.count, stallTimeout: stallTimeout)
      {
        switch part {
        case .head(let head): try check(head, file, partial)
        case .bytes(let bytes): try append(bytes)
        }
      }
    } catch is HTTPTransfer.Stalled {
      throw MirrorError.stalled(
        seconds: stallTimeout / .seconds(1), received: partial.count, expected: file.byteCount)
    }
    try Task.checkCancellation()
  }

  /// Throws unless the response provides the missing bytes, or the whole file.
  private func check(
    _ head: HTTPTransfer.Head, _ file: RemoteFile, _ partial: PartialFile
  ) throws {
    guard head.status == 200 || head.status == 206 else {
      // The server cannot provide the range: the next request asks for the whole file.
      if head.status == 416 { try partial.clear() }
      throw MirrorError.status(head.status)
    }
    if head.contentType.lowercased().hasPrefix("text/html") {
      throw MirrorError.page(contentType: head.contentType)
    }
    if head.firstByte != partial.count { try partial.clear() }
    guard head.firstByte == partial.count else { throw MirrorError.status(head.status) }
    if let count = head.byteCount, count != file.byteCount - head.firstByte {
      let found = checkedSum([head.firstByte, count]) ?? .max
      throw MirrorError.wrongSize(found: found, expected: file.byteCount)
    }
  }
}

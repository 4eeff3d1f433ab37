import Foundation

/// Standard output, which carries only the report.
enum StandardOutput {
  /// Runs `body`; what it prints is shown in a terminal and discarded elsewhere.
  static func discardUnlessTerminal(_ body: () async throws -> Void) async throws {
    guard isatty(STDOUT_FILENO) == 0 else { return try await body() }
    let kept = dup(STDOUT_FILENO)
    let nowhere = open("/dev/null", O_WRONLY)
    dup2(nowhere, STDOUT_FILENO)
    close(nowhere)
    defer {
      dup2(kept, STDOUT_FILENO)
      close(kept)
    }
    try await body()
  }

  /// Runs `body` with a terminal of 80 columns as standard output, whose content is discarded.
  static func toATerminalNobodySees(_ body: () async throws -> Void) async throws {
    let kept = dup(STDOUT_FILENO)
    let ours = posix_openpt(O_RDWR | O_NOCTTY)
    guard ours >= 0, grantpt(ours) == 0, unlockpt(ours) == 0, let name = ptsname(ours) else {
      throw CocoaError(.featureUnsupported)
    }
    let theirs = open(name, O_RDWR | O_NOCTTY)
    dup2(theirs, STDOUT_FILENO)
    close(theirs)
    let reader = Thread {
      var bytes = [UInt8](repeating: 0, count: 1 << 14)
      while read(ours, &bytes, bytes.count) > 0 {}
      close(ours)
    }
    reader.start()
    defer {
      fflush(stdout)
      dup2(kept, STDOUT_FILENO)
      close(kept)
    }
    try await body()
  }
}

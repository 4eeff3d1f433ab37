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
}

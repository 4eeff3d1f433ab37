import CLevinBench
import Foundation

/// Standard output, which carries only the report.
enum StandardOutput {
  /// Runs `body`; what it prints is shown in a terminal and discarded elsewhere.
  static func discardUnlessTerminal(_ body: () async throws -> Void) async throws {
    guard isatty(STDOUT_FILENO) == 0 else { return try await body() }
    fflush(nil)
    let kept = dup(STDOUT_FILENO)
    let nowhere = open("/dev/null", O_WRONLY)
    dup2(nowhere, STDOUT_FILENO)
    close(nowhere)
    defer {
      fflush(nil)
      dup2(kept, STDOUT_FILENO)
      close(kept)
    }
    try await body()
  }

  /// Runs `body` with a terminal of 80 columns as standard output, whose content is discarded.
  static func toATerminalNobodySees(_ body: () async throws -> Void) async throws {
    let kept = dup(STDOUT_FILENO)
    var reader: Int32 = -1
    let terminal = levin_bench_terminal(&reader)
    guard terminal >= 0 else { throw CocoaError(.featureUnsupported) }
    dup2(terminal, STDOUT_FILENO)
    close(terminal)
    let drain = Thread { [reader] in
      var bytes = [UInt8](repeating: 0, count: 1 << 14)
      while read(reader, &bytes, bytes.count) > 0 {}
      close(reader)
    }
    drain.start()
    defer {
      fflush(nil)
      dup2(kept, STDOUT_FILENO)
      close(kept)
    }
    try await body()
  }
}

internal import Synchronization

/// A program around a training.
public enum Program {
  private static let depth = Atomic(0)
  /// Whether ``run(_:)`` is under way, so that errors are this process's to end with.
  static var isRunning: Bool { depth.load(ordering: .relaxed) > 0 }

  /// Runs `body`.
  ///
  /// Prints an error as one message, `error: …`, and exits with 1. An interruption ends the process with 130
  /// (Ctrl-C) or 143 (SIGTERM).
  public static func run(_ body: () async throws -> Void) async {
    warnOfEnvironment()
    depth.add(1, ordering: .relaxed)
    defer { depth.subtract(1, ordering: .relaxed) }
    do {
      try await body()
    } catch {
      end(error)
    }
  }

  /// Prints `error` as ``run(_:)`` does and ends the process.
  public static func end(_ error: any Error) -> Never {
    if let interruption = error as? RunInterrupted {
      Platform.printError("\(interruption)")
      Platform.exit(interruption.exitStatus)
    }
    Platform.printError("error: \(error)")
    Platform.exit(1)
  }
}

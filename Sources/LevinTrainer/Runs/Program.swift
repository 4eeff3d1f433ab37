/// A program around a training.
public enum Program {
  /// Runs `body`. Prints an error as one message, `error: …`, and exits with 1. An interruption ends the process
  /// with 130 (Ctrl-C) or 143 (SIGTERM).
  public static func run(_ body: () async throws -> Void) async {
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

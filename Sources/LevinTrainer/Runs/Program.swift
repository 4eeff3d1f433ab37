internal import LevinSystem
internal import Synchronization

/// Support for a program's main file: runs a training, reports errors, sets the exit status.
public enum Program {
  private static let depth = Atomic(0)
  /// Whether ``run(_:)`` is running; if so, errors end this process.
  static var isRunning: Bool { depth.load(ordering: .relaxed) > 0 }

  /// The last error thrown inside a loop, and where the loop was.
  private static let failure = Mutex<(error: String, place: String)?>(nil)

  static func note(_ error: any Error, at place: String) {
    failure.withLock { $0 = ("\(error)", place) }
  }

  /// Runs `body`.
  ///
  /// An error, including a failure to write the output, is printed as one message, `error: …`, and ends the process
  /// with status 1. An interruption ends it with 130 (Ctrl-C) or 143 (SIGTERM), a closed output pipe with 141.
  public static func run(_ body: () async throws -> Void) async {
    warnOfEnvironment()
    depth.add(1, ordering: .relaxed)
    defer { depth.subtract(1, ordering: .relaxed) }
    do {
      try await body()
      try StandardOutput.finish()
    } catch {
      end(error)
    }
  }

  /// Prints `error` as ``run(_:)`` does and ends the process.
  public static func end(_ error: any Error) -> Never {
    if let interruption = error as? RunInterrupted {
      Terminal.printError("\(interruption)")
      CurrentProcess.exit(interruption.exitStatus)
    }
    if let output = error as? OutputError, output.isBrokenPipe {
      CurrentProcess.exit(OutputError.brokenPipeStatus)
    }
    let place = failure.withLock { $0?.error == "\(error)" ? $0?.place : nil }
    Terminal.printError("error: " + (place.map { "\($0): " } ?? "") + "\(error)")
    CurrentProcess.exit(1)
  }
}

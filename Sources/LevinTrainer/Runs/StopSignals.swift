#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif
internal import Synchronization

/// SIGINT and SIGTERM while a loop runs: the first asks the loops to stop after the batch, the second ends the
/// process at once.
enum StopSignals {
  private final class Shared: Sendable {
    /// The first signal; 0 where none came.
    let pending = Atomic<Int32>(0)
    let users = Mutex<Users>(Users())
  }
  private struct Users {
    var count = 0
    var oldInterrupt = sigaction()
    var oldTerminate = sigaction()
  }
  private static let shared = Shared()

  /// The signal that asks to stop; nil where none came.
  static var pending: Int32? {
    let signal = shared.pending.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Handles the signals until ``release()``; several runs may hold them at the same time.
  static func hold() {
    shared.users.withLock { users in
      users.count += 1
      guard users.count == 1 else { return }
      shared.pending.store(0, ordering: .relaxed)
      // The handler does what a handler may: it stores an atomic, or ends the process.
      let handler: @convention(c) (Int32) -> Void = { signal in
        let (first, _) = StopSignals.shared.pending.compareExchange(
          expected: 0, desired: signal, ordering: .relaxed)
        if !first { _exit(128 + signal) }
      }
      var action = sigaction()
      #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = handler
      #else
        action.__sigaction_handler.sa_handler = handler
      #endif
      action.sa_flags = SA_RESTART
      sigaction(SIGINT, &action, &users.oldInterrupt)
      sigaction(SIGTERM, &action, &users.oldTerminate)
    }
  }

  /// Gives the signals back to whoever had them before.
  static func release() {
    shared.users.withLock { users in
      users.count -= 1
      guard users.count == 0 else { return }
      sigaction(SIGINT, &users.oldInterrupt, nil)
      sigaction(SIGTERM, &users.oldTerminate, nil)
    }
  }
}

internal import LevinLibC
internal import Synchronization

/// The signals that ask a run to stop.
///
/// After the first one the loops finish the current batch, save and stop. A second Ctrl-C, or a second SIGTERM at
/// least a second later, ends the process immediately; while the checkpoint is being written, the third does.
package enum StopSignals {
  private final class Shared: Sendable {
    /// The first signal; 0 if none has arrived.
    let pending = Atomic<Int32>(0)
    /// When it arrived.
    let since = Atomic<UInt64>(0)
    /// How many further signals are ignored.
    let patience = Atomic<Int32>(0)
    let users = Mutex<Users>(Users())
  }
  private struct Users {
    var count = 0
    var old: [(signal: Int32, action: sigaction)] = []
  }
  private static let shared = Shared()

  /// Signals that are handled only if their default action, which ends the process, is in force: not under nohup, and
  /// not in a program that handles them itself.
  ///
  /// SIGHUP comes when the terminal closes, SIGPIPE when the reader of the output has gone, SIGUSR1 and SIGXCPU
  /// before a cluster's time limit.
  package static let unusual: [Int32: String] = [
    SIGHUP: "SIGHUP", SIGPIPE: "SIGPIPE", SIGUSR1: "SIGUSR1", SIGXCPU: "SIGXCPU",
  ]

  /// The signal that asks to stop; nil if none has arrived.
  package static var pending: Int32? {
    let signal = shared.pending.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Announces that a checkpoint is about to be written: one further signal is then ignored.
  package static func beginSaving() { shared.patience.store(1, ordering: .relaxed) }

  /// Handles the signals until ``release()``; several runs may hold them at the same time.
  package static func hold() {
    shared.users.withLock { users in
      users.count += 1
      guard users.count == 1 else { return }
      shared.pending.store(0, ordering: .relaxed)
      shared.patience.store(0, ordering: .relaxed)
      for signal in [SIGINT, SIGTERM] + unusual.keys {
        var old = sigaction()
        sigaction(signal, nil, &old)
        guard unusual[signal] == nil || isDefault(old) else { continue }
        users.old.append((signal, old))
        var action = handling
        sigaction(signal, &action, nil)
      }
    }
  }

  /// Restores the previous signal handlers.
  package static func release() {
    shared.users.withLock { users in
      users.count -= 1
      guard users.count == 0 else { return }
      for (signal, old) in users.old {
        var action = old
        sigaction(signal, &action, nil)
      }
      users.old = []
    }
  }

  private static func isDefault(_ action: sigaction) -> Bool {
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler == nil
    #else
      action.__sigaction_handler.sa_handler == nil
    #endif
  }

  private static var handling: sigaction {
    // The handler does only what is safe in one: it stores atomics, reads the clock, or ends the process.
    let handler: @convention(c) (Int32) -> Void = { StopSignals.receive($0) }
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
    action.sa_flags = SA_RESTART
    return action
  }

  private static func receive(_ signal: Int32) {
    let (first, _) = shared.pending.compareExchange(
      expected: 0, desired: signal, ordering: .relaxed)
    if first { return shared.since.store(Clock.uptime, ordering: .relaxed) }
    switch signal {
    case SIGINT: break
    // `timeout` sends SIGTERM to the process and again to its group.
    case SIGTERM where Clock.uptime &- shared.since.load(ordering: .relaxed) >= 1_000_000_000: break
    default: return
    }
    guard shared.patience.exchange(0, ordering: .relaxed) == 0 else { return }
    let text: StaticString = "\nstopped at once: everything since the last checkpoint is lost\n"
    write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    _exit(128 + signal)
  }
}

internal import LevinSystem
internal import Synchronization

/// Shows a download on standard error: one line that is overwritten in a terminal, otherwise one line
/// per file.
final class DownloadPrinter: Sendable {
  private struct State {
    var file = ""
    var isOpen = false
    var start = ContinuousClock.now
    var startedAt = 0
    var lastShown = ContinuousClock.now
  }
  private let state = Mutex(State())
  private let isTerminal: Bool
  private let write: @Sendable (String) -> Void

  /// - Parameter write: Takes the text; nil for standard error.
  init(isTerminal: Bool = StandardError.isTerminal, write: (@Sendable (String) -> Void)? = nil) {
    self.isTerminal = isTerminal
    self.write = write ?? { StandardError.write($0) }
  }

  func show(_ event: DownloadEvent) {
    state.withLock { state in
      switch event {
      case .progress(let file, let address, let received, let total):
        let isNew = file != state.file || !state.isOpen
        if isNew {
          if state.isOpen && isTerminal { write("\n") }
          state = State(file: file, isOpen: true, startedAt: received)
          if !isTerminal { write("downloading \(address) (\(Self.size(total)))\n") }
        }
        let isDone = received >= total
        if isTerminal, isNew || isDone || .now - state.lastShown > .milliseconds(100) {
          state.lastShown = .now
          write("\r" + line(file, received, total, state) + (isDone ? "\n" : ""))
        }
        if isDone { state.isOpen = false }
      case .failed(let address, let problem):
        write("\(state.isOpen && isTerminal ? "\n" : "")\(address) \(problem)\n")
        state.isOpen = false
      }
    }
  }

  private func line(_ file: String, _ received: Int, _ total: Int, _ state: State) -> String {
    let percent = total > 0 ? 100 * received / total : 100
    // Even with the longest file name this fits in 80 columns.
    let width = 10
    let filled = percent * width / 100
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let seconds = max((.now - state.start) / .seconds(1), 1e-3)
    let rate = Self.size(Int(Double(received - state.startedAt) / seconds))
    // The spaces cover the rest of an earlier, longer line.
    return
      "\(file)  \(bar) \(percent) %  \(Self.size(received)) of \(Self.size(total))  \(rate)/s   "
  }

  /// A number of bytes in thousands or millions, with one decimal.
  private static func size(_ bytes: Int) -> String {
    let (unit, name) = bytes < 999_950 ? (1000, "kB") : (1_000_000, "MB")
    let tenths = (bytes * 10 + unit / 2) / unit
    return "\(tenths / 10).\(tenths % 10) \(name)"
  }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif
internal import Synchronization

/// Shows a download on standard error: a line that is written over in a terminal, else a line for each file.
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
  init(isTerminal: Bool = isatty(2) != 0, write: (@Sendable (String) -> Void)? = nil) {
    self.isTerminal = isTerminal
    self.write = write ?? Self.writeToStandardError
  }

  func show(_ event: DownloadEvent) {
    state.withLock { state in
      switch event {
      case .progress(let file, let address, let received, let total):
        let isNew = file != state.file || !state.isOpen
        if isNew {
          if state.isOpen { write("\n") }
          state = State(file: file, isOpen: true, startedAt: received)
          if !isTerminal {
            write("downloading \(address) (\(Self.megabytes(total)) MB)\n")
            return
          }
        }
        let isDone = received >= total
        guard isTerminal, isNew || isDone || .now - state.lastShown > .milliseconds(100) else {
          return
        }
        state.lastShown = .now
        write("\r" + line(file, received, total, state))
        if isDone {
          write("\n")
          state.isOpen = false
        }
      case .failed(let address, let problem):
        write("\(state.isOpen && isTerminal ? "\n" : "")\(address) \(problem)\n")
        state.isOpen = false
      }
    }
  }

  private func line(_ file: String, _ received: Int, _ total: Int, _ state: State) -> String {
    let percent = total > 0 ? 100 * received / total : 100
    let width = 24
    let filled = percent * width / 100
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let seconds = max((.now - state.start) / .seconds(1), 1e-3)
    let rate = Self.megabytes(Int(Double(received - state.startedAt) / seconds))
    return
      "\(file)  \(bar) \(percent) %  \(Self.megabytes(received)) of \(Self.megabytes(total)) MB"
      + "  \(rate) MB/s   "
  }

  private static func writeToStandardError(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      // What the terminal does not take is no reason to end a download.
      #if canImport(Darwin)
        _ = Darwin.write(2, bytes.baseAddress, bytes.count)
      #elseif canImport(Musl)
        _ = Musl.write(2, bytes.baseAddress, bytes.count)
      #else
        _ = Glibc.write(2, bytes.baseAddress, bytes.count)
      #endif
    }
  }

  /// Millions of bytes with one decimal.
  private static func megabytes(_ bytes: Int) -> String {
    let tenths = (bytes + 50_000) / 100_000
    return "\(tenths / 10).\(tenths % 10)"
  }
}

internal import LevinSystem
import Synchronization

/// Standard output: its width, whether it has colours, and the last line, which may be overwritten.
public enum Terminal {
  /// The line that will be painted over; nil if there is none.
  private static let transient = Mutex<String?>(nil)

  /// Whether standard output is a terminal that can move its cursor.
  public static var isInteractive: Bool {
    StandardOutput.isTerminal && CurrentProcess.environment("TERM") != "dumb"
  }

  /// Whether to use colours: in a terminal, unless NO_COLOR is set.
  public static var hasColor: Bool {
    isInteractive && CurrentProcess.environment("NO_COLOR") == nil
  }

  /// The current columns of the window; 80 if there is none.
  public static var width: Int {
    let columns = StandardOutput.windowSize?.columns ?? 0
    return columns > 0 ? columns : 80
  }

  /// The columns available to a text: those of the window, or as many as it needs if there is none.
  static var layoutWidth: Int { StandardOutput.isTerminal ? width : .max }

  private static let notesGoToStandardError = Atomic(false)

  /// Makes ``print(_:terminator:)`` write to standard error from now on: standard output is for data.
  package static func sendNotesToStandardError() {
    notesGoToStandardError.store(true, ordering: .relaxed)
  }

  /// Prints above the line that may be painted over.
  public static func print(_ text: String, terminator: String = "\n") {
    if notesGoToStandardError.load(ordering: .relaxed) { return printError(text) }
    transient.withLock { transient in
      var text = text + terminator
      // A painted line must stand on its own line.
      if transient != nil, !text.hasSuffix("\n") { text += "\n" }
      write((transient == nil ? "" : "\r\u{1b}[K") + text + (transient ?? ""))
    }
  }

  /// Writes a line to standard error in one piece, with control characters made visible.
  package static func printError(_ line: String) {
    StandardError.write(visible(line, keepsLines: true) + "\n")
  }

  /// Paints `line` over the last painted one; only in a terminal.
  static func paint(_ line: String) {
    transient.withLock { transient in
      write("\r" + line + "\u{1b}[K")
      transient = line
    }
  }

  /// Stops painting, and leaves `line` in place of the painted one, or nothing.
  static func endPainting(leaving line: String? = nil) {
    transient.withLock { transient in
      guard transient != nil || line != nil else { return }
      if transient != nil { write("\r\u{1b}[K") }
      if let line { write(line + "\n") }
      transient = nil
    }
  }

  private static func write(_ text: String) { StandardOutput.put(text) }
}

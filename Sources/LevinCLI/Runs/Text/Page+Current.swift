internal import Foundation

extension Page {
  /// What the standard output is.
  static func current() -> Page {
    let environment = ProcessInfo.processInfo.environment
    let isTerminal = isatty(STDOUT_FILENO) == 1
    var size = winsize()
    var width: Int?
    if isTerminal {
      width = 80
      if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
        width = Int(size.ws_col)
      }
    }
    let hasColor = isTerminal && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    return Page(width: width, hasColor: hasColor, timeZone: .current)
  }
}

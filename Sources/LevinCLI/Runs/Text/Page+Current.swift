internal import Foundation
internal import LevinTrainer

extension Page {
  /// What the standard output is.
  static func current() -> Page {
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0
    let isTerminal = Terminal.isInteractive
    return Page(
      width: isTerminal ? Terminal.width : nil,
      height: isTerminal ? isKnown ? Int(size.ws_row) : 24 : nil, hasColor: Terminal.hasColor,
      timeZone: .current)
  }
}

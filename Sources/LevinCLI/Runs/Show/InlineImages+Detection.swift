#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif
internal import Foundation

extension InlineImages {
  /// What the terminal can show; nothing on a pipe.
  static func detected(_ page: Page) -> InlineImages {
    guard page.width != nil, page.hasColor else { return .none }
    let environment = ProcessInfo.processInfo.environment
    // A multiplexer hides the terminal behind it, and answers for itself.
    let isBare = environment["TMUX"] == nil && environment["STY"] == nil
    let program = environment["TERM_PROGRAM"] ?? ""
    if isBare {
      if environment["KITTY_WINDOW_ID"] != nil || environment["TERM"] == "xterm-kitty"
        || program == "ghostty"
      {
        return .kitty
      }
      if program == "iTerm.app" || program == "WezTerm" || environment["LC_TERMINAL"] == "iTerm2" {
        return .iterm
      }
    }
    return answersSixel() ? .sixel : .blocks
  }

  /// Asks the terminal for its attributes (DA1); 4 among them is sixel.
  ///
  /// A terminal that does not answer in 0.2 s has none.
  private static func answersSixel() -> Bool {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return false }
    var saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return false }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved) }
    let question: [UInt8] = [0x1B, 0x5B, 0x63]
    guard write(STDOUT_FILENO, question, question.count) == question.count else { return false }
    var answer: [UInt8] = []
    while answer.last != UInt8(ascii: "c"), answer.count < 64 {
      var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 200) == 1 else { break }
      var byte: UInt8 = 0
      guard read(STDIN_FILENO, &byte, 1) == 1 else { break }
      answer.append(byte)
    }
    let attributes = String(
      decoding: answer.drop { $0 != UInt8(ascii: "?") }.dropFirst().dropLast(), as: UTF8.self)
    return attributes.split(separator: ";").contains("4")
  }
}

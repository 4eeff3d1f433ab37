internal import LevinLibC

/// Queries of the terminal.
package enum TerminalQuery {
  /// Writes the escape sequence `query` to the terminal and returns its answer up to the byte `end`.
  ///
  /// An answer that takes longer than 0.2 s, or has more than 64 bytes, is cut short. Returns nil unless standard
  /// input and output are a terminal.
  package static func send(_ query: String, end: UInt8) -> [UInt8]? {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
    var saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved) }
    let bytes = Array(query.utf8)
    guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { return nil }
    var answer: [UInt8] = []
    while answer.last != end, answer.count < 64 {
      var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 200) == 1 else { break }
      var byte: UInt8 = 0
      guard read(STDIN_FILENO, &byte, 1) == 1 else { break }
      answer.append(byte)
    }
    return answer
  }
}

internal import LevinSystem

extension InlineImages {
  /// The best method that the terminal supports; none in a pipe.
  static func detected(_ page: Page) -> InlineImages {
    guard page.width != nil, page.hasColor else { return .none }
    let environment = CurrentProcess.environment
    // A multiplexer hides the terminal behind it, and answers in its place.
    let isBare = environment("TMUX") == nil && environment("STY") == nil
    let program = environment("TERM_PROGRAM") ?? ""
    if isBare {
      if environment("KITTY_WINDOW_ID") != nil || environment("TERM") == "xterm-kitty"
        || program == "ghostty"
      {
        return .kitty
      }
      if program == "iTerm.app" || program == "WezTerm" || environment("LC_TERMINAL") == "iTerm2" {
        return .iterm
      }
    }
    return answersSixel() ? .sixel : .blocks
  }

  /// Asks the terminal for its attributes (DA1); 4 among them means sixel.
  ///
  /// A terminal that does not answer within 0.2 s is assumed not to support it.
  private static func answersSixel() -> Bool {
    guard let answer = TerminalQuery.send("\u{1B}[c", end: UInt8(ascii: "c")) else {
      return false
    }
    let attributes = String(
      decoding: answer.drop { $0 != UInt8(ascii: "?") }.dropFirst().dropLast(), as: UTF8.self)
    return attributes.split(separator: ";").contains("4")
  }
}

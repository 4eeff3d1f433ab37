internal import LevinSystem

extension InlineImages {
  /// What the terminal can show; nothing on a pipe.
  static func detected(_ page: Page) -> InlineImages {
    guard page.width != nil, page.hasColor else { return .none }
    let environment = CurrentProcess.environment
    // A multiplexer hides the terminal behind it, and answers for itself.
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

  /// Asks the terminal for its attributes (DA1); 4 among them is sixel.
  ///
  /// A terminal that does not answer in 0.2 s has none.
  private static func answersSixel() -> Bool {
    guard let answer = TerminalQuestion.ask("\u{1B}[c", end: UInt8(ascii: "c")) else {
      return false
    }
    let attributes = String(
      decoding: answer.drop { $0 != UInt8(ascii: "?") }.dropFirst().dropLast(), as: UTF8.self)
    return attributes.split(separator: ";").contains("4")
  }
}

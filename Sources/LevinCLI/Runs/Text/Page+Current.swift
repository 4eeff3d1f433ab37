internal import Foundation
internal import LevinSystem
internal import LevinTrainer

extension Page {
  /// The page of standard output.
  static func current() -> Page {
    let rows = StandardOutput.windowSize?.rows ?? 0
    let isTerminal = Terminal.isInteractive
    return Page(
      width: isTerminal ? Terminal.width : nil,
      height: isTerminal ? rows > 0 ? rows : 24 : nil, hasColor: Terminal.hasColor,
      timeZone: .current)
  }
}

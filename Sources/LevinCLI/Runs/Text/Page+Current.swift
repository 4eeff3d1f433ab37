internal import Foundation
internal import LevinTrainer

extension Page {
  /// What the standard output is.
  static func current() -> Page {
    Page(
      width: Terminal.isInteractive ? Terminal.width : nil, hasColor: Terminal.hasColor,
      timeZone: .current)
  }
}

internal import Foundation
internal import LevinTensorBoard

/// Follows a run: repaints the page in a terminal, prints new values into a pipe.
struct WatchLoop {
  private var overview: RunOverview
  private let page: Page
  private var printed: [String: Int] = [:]

  init(_ overview: RunOverview, _ page: Page) {
    self.overview = overview
    self.page = page
  }

  /// Returns when the run has ended.
  ///
  /// A run without a run.json has no end that could be seen: it is followed until interrupted.
  mutating func run() throws {
    while true {
      // The state is read before the values, so that the last ones are not missed.
      let next = try RunOverview(refreshing: overview)
      let hasEnded = next.info.status != .running && next.info.status != .unknown
      overview = next
      if page.width == nil {
        newValues().forEach { print($0) }
        fflush(nil)
      } else {
        try paint()
      }
      if hasEnded { return }
      Thread.sleep(forTimeInterval: 0.5)
    }
  }

  /// Values that were not printed yet: tag, step, value.
  mutating func newValues() -> [String] {
    var lines: [String] = []
    for tag in overview.run.tags where tag.kind == .scalar {
      guard let series = overview.run.scalars(tag.name) else { continue }
      // A restart may have taken points away.
      let start = min(printed[tag.name] ?? 0, series.count)
      for index in start..<series.count {
        lines.append(
          "\(printable(tag.name))\t\(series.steps[index])\t\(NumberText.exact(series.values[index]))"
        )
      }
      printed[tag.name] = series.count
    }
    return lines
  }

  private func paint() throws {
    var size = winsize()
    var page = page
    var rows = 24
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      page.width = Int(size.ws_col)
      rows = Int(size.ws_row)
    }
    let lines = try RunPage(overview: overview, images: .none).lines(page).prefix(max(1, rows - 1))
    // Home, each line cleared and written, then all below cleared: nothing flickers. Behind a line as wide as the
    // terminal, clearing would take its last character.
    let text = "\u{1B}[H" + lines.map { "\u{1B}[K" + $0 + "\n" }.joined() + "\u{1B}[J"
    FileHandle.standardOutput.write(Data(text.utf8))
  }
}

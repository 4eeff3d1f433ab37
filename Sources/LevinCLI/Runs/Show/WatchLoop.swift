internal import LevinSystem
internal import LevinTensorBoard

/// Follows a run: repaints the page in a terminal, or prints new values to a pipe.
struct WatchLoop {
  private var shown: RunPage
  private var printed: [String: Int] = [:]

  init(_ page: RunPage) { shown = page }

  /// Returns when the run has ended; a terminal then shows the whole page, as without following.
  ///
  /// A run without a run.json has no visible end: it is followed until interrupted.
  mutating func run() throws {
    var painted: (lines: Int, width: Int?, height: Int?)?
    while true {
      // The state is read before the values, so that the last ones are not missed.
      shown.overview = try RunOverview(refreshing: shown.overview)
      let status = shown.overview.info.status
      let hasEnded = status != .running && status != .unknown
      let page = Page.current()
      if let height = page.height {
        // A resized window has wrapped the lines again, so their number is unknown.
        let isResized = painted.map { $0.width != page.width || $0.height != height } ?? false
        let lines = hasEnded ? [] : try shown.window(page, rows: height - 1)
        try Output.repaint(lines, over: painted?.lines ?? 0, clearsWindow: isResized)
        painted = (lines.count, page.width, height)
        if hasEnded {
          try Output.page(shown.lines(page), picturesInline: shown.images != .none)
        }
      } else {
        let values = try newValues()
        if !values.isEmpty { try Output.data(values.joined(separator: "\n") + "\n") }
      }
      if hasEnded { return }
      Clock.wait(seconds: 0.5)
    }
  }

  /// Values of all kinds that have not been printed yet: tag, step, value.
  mutating func newValues() throws -> [String] {
    var lines: [String] = []
    for tag in shown.overview.run.tags {
      // A restart may have removed values.
      let new = tag.count - min(printed[tag.name] ?? 0, tag.count)
      printed[tag.name] = tag.count
      guard new > 0 else { continue }
      for (step, text) in try ValueText.values(of: tag, in: shown.overview.run, last: new) {
        lines.append("\(printable(tag.name))\t\(step)\t\(printable(text))")
      }
    }
    return lines
  }
}

internal import LevinTensorBoard

/// A run as a page of text: its status, hyperparameters, last texts, pictures and other values, and finally the
/// curves.
///
/// The curves come last because a terminal that scrolls still shows the end.
struct RunPage {
  var overview: RunOverview
  var images: InlineImages
  /// Whether pictures are as wide as the terminal, one below the other, instead of small.
  var largePictures = false
  /// Parts of the names of the metrics to show; if empty, all are shown.
  var chosen: [String] = []
  static let textLines = 12

  func lines(_ page: Page) throws -> [String] {
    try header(page) + settings(page) + texts(page) + others(page) + pictures(page)
      + curves(page) + damage(page)
  }

  var metrics: [MetricSummary] {
    guard !chosen.isEmpty else { return overview.metrics }
    return overview.metrics.filter { metric in chosen.contains { metric.tag.contains($0) } }
  }

  func damage(_ page: Page) -> [String] {
    guard let problem = overview.problems.first else { return [] }
    let more = overview.problemCount - 1
    return [""] + page.damage([problem + (more > 0 ? " (and \(more) more)" : "")])
  }

  func header(_ page: Page) -> [String] {
    let status = overview.info.status
    var facts = [
      overview.started.map { NumberText.time($0, in: page.timeZone) },
      overview.length.map(NumberText.duration),
      overview.epochs.map { "\($0) " + ($0 == 1 ? "epoch" : "epochs") },
      overview.steps.map { "\($0) steps" },
    ].compactMap { $0 }
    if !overview.checkpoints.isEmpty {
      facts.append(
        overview.checkpoints.count == 1
          ? "1 checkpoint" : "\(overview.checkpoints.count) checkpoints")
    }
    return [
      page.paint(printable(overview.name), .bold) + "  "
        + page.paint(status == .unknown ? "status unknown" : status.rawValue, status.style)
    ] + page.facts("", facts, gap: "")
  }

  func settings(_ page: Page) -> [String] {
    let entries = overview.hyperparameters.entries
    guard !entries.isEmpty else { return [] }
    let widest = page.width.map { max(8, $0 / 2) } ?? 40
    let width = min(40, widest, entries.map { displayWidth($0.name) }.max() ?? 0)
    return ["", page.paint("hyperparameters", .bold)]
      + entries.map { name, value in
        "  " + padded(shortened(printable(name), to: width), to: width) + "  "
          + shortened(
            value.isEmpty ? "''" : printable(value), to: max(8, (page.width ?? 400) - width - 4))
      }
  }

  func texts(_ page: Page) throws -> [String] {
    var lines: [String] = []
    for tag in overview.run.tagNames(.text) {
      guard let last = try overview.run.texts(tag, last: 1).first else { continue }
      let name = tag.hasSuffix("/text_summary") ? String(tag.dropLast(13)) : tag
      lines += ["", page.paint(printable(name), .bold) + page.paint("  step \(last.step)", .dim)]
      let text = printable(last.value.text, keepsLines: true)
      let width = page.width ?? 100
      // Printed tensors may be as wide as a terminal: an indent of two spaces would break every row.
      let fillsPage = text.split(separator: "\n").contains {
        (width - 1...width).contains(displayWidth($0))
      }
      let margin = page.width != nil && fillsPage ? "" : "  "
      var wrapped = wrap(text, width - margin.count)
      if wrapped.count > Self.textLines {
        let more = wrapped.count - Self.textLines
        wrapped = wrapped.prefix(Self.textLines) + [page.paint("… \(more) more lines", .dim)]
      }
      lines += wrapped.map { margin + $0 }
    }
    return lines
  }
}

extension Page {
  /// A line for each problem.
  func damage(_ problems: [String]) -> [String] {
    problems.flatMap { problem in
      let word = "damaged:"
      let lines = hangingIndent(word + " " + printable(problem))
      return [paint(word, .red) + lines[0].dropFirst(word.count)] + lines.dropFirst()
    }
  }
}

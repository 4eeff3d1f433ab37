internal import Foundation
internal import LevinTensorBoard

/// A run on a page of text: how it stands, hyperparameters, curves, last texts, last pictures.
struct RunPage {
  var overview: RunOverview
  var images: InlineImages
  static let textLines = 12

  func lines(_ page: Page) throws -> [String] {
    var lines = header(page)
    lines += settings(page)
    lines += curves(page)
    lines += try texts(page)
    lines += try pictures(page)
    if let problem = overview.problems.first {
      let more = overview.problemCount - 1
      lines += [""] + page.damage([problem + (more > 0 ? " (and \(more) more)" : "")])
    }
    return lines
  }

  private func header(_ page: Page) -> [String] {
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
        + page.paint(status == .unknown ? "status unknown" : status.rawValue, status.ink)
    ] + page.facts("", facts, gap: "")
  }

  private func settings(_ page: Page) -> [String] {
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

  private func curves(_ page: Page) -> [String] {
    let plots = overview.metrics.compactMap { metric in
      overview.run.scalars(metric.tag).map { CurvePlot(title: metric.tag, series: $0) }
    }
    let available = page.width ?? 80
    let gap = 3
    let across = max(1, min(3, (available + gap) / (38 + gap)))
    let width = min(76, (available - gap * (across - 1)) / across)
    var lines: [String] = []
    for start in stride(from: 0, to: plots.count, by: across) {
      lines.append("")
      let row = plots[start..<min(start + across, plots.count)].map { $0.lines(width: width, page) }
      for line in 0..<(row.first?.count ?? 0) {
        let cells = row.map { padded($0[line], toVisible: width) }
        let text = cells.joined(separator: String(repeating: " ", count: gap))
        lines.append(text.trimmingTrailingSpaces)
      }
    }
    return lines
  }

  private func texts(_ page: Page) throws -> [String] {
    var lines: [String] = []
    for tag in overview.run.tags where tag.kind == .text {
      guard let last = try overview.run.texts(tag.name, last: 1).first else { continue }
      let name = tag.name.hasSuffix("/text_summary") ? String(tag.name.dropLast(13)) : tag.name
      lines += ["", page.paint(printable(name), .bold) + page.paint("  step \(last.step)", .dim)]
      let text = printable(last.value.text, keepsLines: true)
      let width = page.width ?? 100
      // Printed tensors are as wide as a terminal: two spaces more would break each of their rows.
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

  private func pictures(_ page: Page) throws -> [String] {
    var lines: [String] = []
    for tag in overview.run.tags where tag.kind == .image {
      guard let last = try overview.run.images(tag.name, last: 1).last else { continue }
      let image = last.value
      lines += [
        "",
        page.paint(printable(tag.name), .bold)
          + page.paint(
            "  step \(last.step)  \(image.width)×\(image.height) \(image.format.rawValue)", .dim),
      ]
      lines += images.lines(image, width: min(96, page.width ?? 64))
    }
    return lines
  }
}

extension Page {
  /// A line for each thing that could not be read.
  func damage(_ problems: [String]) -> [String] {
    problems.flatMap { problem in
      let word = "damaged:"
      let lines = hanging(word + " " + printable(problem))
      return [paint(word, .red) + lines[0].dropFirst(word.count)] + lines.dropFirst()
    }
  }
}

/// A text in lines of at most `width` columns, broken at spaces where there are some.
func wrap(_ text: String, _ width: Int) -> [String] {
  let width = max(8, width)
  return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
    var lines: [String] = []
    // Spaces at the beginning are kept: printed tensors are indented.
    let indent = String(line.prefix { $0 == " " }.prefix(width / 2))
    var current = indent
    var isFirst = true
    for word in line.drop(while: { $0 == " " }).split(
      separator: " ", omittingEmptySubsequences: false)
    {
      var word = String(word)
      let space = isFirst ? "" : " "
      isFirst = false
      if displayWidth(current + space + word) <= width {
        current += space + word
        continue
      }
      if !current.isEmpty { lines.append(current) }
      while displayWidth(word) > width {
        let head = String(shortened(word, to: width + 1).dropLast())
        guard !head.isEmpty else { break }
        lines.append(head)
        word.removeFirst(head.count)
      }
      current = word
    }
    return lines + [current]
  }
}

extension String {
  /// Without spaces at the end.
  var trimmingTrailingSpaces: String {
    var end = utf8.endIndex
    while end > utf8.startIndex, utf8[utf8.index(before: end)] == UInt8(ascii: " ") {
      end = utf8.index(before: end)
    }
    return String(self[..<end])
  }
}

/// `text` padded to `width` columns, where escape sequences take none.
private func padded(_ text: String, toVisible width: Int) -> String {
  var visible = 0
  var isEscape = false
  for scalar in text.unicodeScalars {
    if scalar == "\u{1B}" { isEscape = true }
    if !isEscape { visible += displayWidth(scalar) }
    if scalar == "m" { isEscape = false }
  }
  return text + String(repeating: " ", count: max(0, width - visible))
}

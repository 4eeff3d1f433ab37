internal import LevinTensorBoard

extension RunPage {
  /// The last picture of each tag.
  func pictures(_ page: Page) throws -> [String] {
    var found: [(tag: String, step: Int, image: LoggedImage)] = []
    for tag in overview.run.tagNames(.image) {
      guard let last = try overview.run.images(tag, last: 1).last else { continue }
      found.append((tag, last.step, last.value))
    }
    guard images == .blocks, !largePictures else {
      return found.flatMap { [""] + block($0, width: page.width ?? .max, page) }
    }
    let available = page.width ?? 80
    let gap = 2
    let across = max(1, min(found.count, (available + gap) / (24 + gap)))
    let width = (available - gap * (across - 1)) / across
    return stride(from: 0, to: found.count, by: across).flatMap { start in
      let row = found[start..<min(start + across, found.count)]
      return [""] + beside(row.map { block($0, width: width, page) }, width: width, gap: gap)
    }
  }

  /// A picture below its name.
  private func block(
    _ picture: (tag: String, step: Int, image: LoggedImage), width: Int, _ page: Page
  ) -> [String] {
    let name = shortened(printable(picture.tag), to: width)
    let facts = "step \(picture.step)  " + ValueText.picture(picture.image)
    // Pictures side by side have room for name and step only on separate lines.
    let title =
      displayWidth(name) + 2 + facts.count <= width
      ? [page.paint(name, .bold) + page.paint("  " + facts, .dim)]
      : [page.paint(name, .bold), page.paint(shortened(facts, to: width), .dim)]
    let rows = largePictures ? nil : max(8, min(24, (page.height ?? 24) / 2))
    let largest = page.width == nil ? 64 : 96
    return title + images.lines(picture.image, width: min(width, largest), rows: rows)
  }
}

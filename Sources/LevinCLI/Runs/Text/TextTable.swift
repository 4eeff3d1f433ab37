/// A table of text in columns.
///
/// If it is wider than the page, it continues below with the first column repeated.
struct TextTable {
  struct Cell {
    let text: String
    let width: Int
    let style: Page.Style

    init(_ text: String, _ style: Page.Style = .plain) {
      self.text = printable(text)
      self.style = style
      width = displayWidth(self.text)
    }

    /// The cell, shortened if it is wider than `room`.
    func fitted(to room: Int) -> Cell {
      width <= room ? self : Cell(shortened(text, to: room), style)
    }
  }

  struct Column {
    var title: String
    var isRight = false
    /// A title over this column and the following ones of the same group.
    var group: String?

    init(_ title: String, isRight: Bool = false, group: String? = nil) {
      self.title = printable(title)
      self.isRight = isRight
      self.group = group.map { printable($0) }
    }
  }

  var columns: [Column]
  var rows: [[Cell]] = []
  static let gap = 2

  /// The lines, without trailing spaces.
  func lines(_ page: Page) -> [String] {
    guard !columns.isEmpty else { return [] }
    var widths = columns.indices.map { column in
      rows.reduce(displayWidth(columns[column].title)) { max($0, $1[column].width) }
    }
    let groups = groups()
    if let width = page.width {
      // The first column comes before every group; one of several columns cannot be narrower.
      let widest =
        groups.dropFirst().filter { $0.count > 1 }
        .map { $0.reduce(0) { $0 + widths[$1] + Self.gap } }.max() ?? 0
      widths[0] = min(widths[0], max(8, min(width / 2, width - widest)))
      for column in widths.indices.dropFirst() {
        widths[column] = min(widths[column], max(8, width - widths[0] - Self.gap))
      }
    }
    for group in groups {
      // A group's title may be wider than its columns together.
      guard let title = columns[group.lowerBound].group else { continue }
      let width = group.reduce(-Self.gap) { $0 + widths[$1] + Self.gap }
      let free = page.width.map { $0 - widths[0] - Self.gap - width } ?? .max
      widths[group.upperBound - 1] += max(0, min(displayWidth(title) - width, free))
    }
    var lines: [String] = []
    for block in blocks(groups, widths, page.width) {
      if !lines.isEmpty { lines.append("") }
      lines += self.lines(of: block, widths, page)
    }
    return lines
  }

  /// The columns that stay together.
  private func groups() -> [Range<Int>] {
    var groups: [Range<Int>] = []
    for column in columns.indices {
      if let last = groups.last, let group = columns[column].group,
        columns[last.lowerBound].group == group
      {
        groups[groups.count - 1] = last.lowerBound..<column + 1
      } else {
        groups.append(column..<column + 1)
      }
    }
    return groups
  }

  /// The columns of each block, so that every block fits the page; the first column is in all of them.
  private func blocks(_ groups: [Range<Int>], _ widths: [Int], _ width: Int?) -> [[Int]] {
    guard let width, columns.count > 1 else { return [Array(columns.indices)] }
    var blocks: [[Int]] = []
    var block = [0]
    var used = widths[0]
    for group in groups.dropFirst() {
      let needed = group.reduce(0) { $0 + widths[$1] + Self.gap }
      if used + needed > width, block.count > 1 {
        blocks.append(block)
        block = [0]
        used = widths[0]
      }
      block += group
      used += needed
    }
    return blocks + [block]
  }

  /// Whether all cells are shown in full.
  func fits(_ page: Page) -> Bool {
    guard let width = page.width else { return true }
    let widths = columns.indices.map { column in rows.reduce(0) { max($0, $1[column].width) } }
    let first = min(widths.first ?? 0, max(8, width / 2))
    return first == widths.first && widths.dropFirst().allSatisfy { first + Self.gap + $0 <= width }
  }

  private func lines(of block: [Int], _ widths: [Int], _ page: Page) -> [String] {
    func line(_ cells: [Cell]) -> String {
      var line = ""
      var spaces = 0
      for column in block {
        let cell = cells[column].fitted(to: widths[column])
        let free = widths[column] - cell.width
        if columns[column].isRight { spaces += free }
        if !cell.text.isEmpty {
          line += String(repeating: " ", count: spaces)
          line += page.paint(cell.text, cell.style)
          spaces = 0
        }
        if !columns[column].isRight { spaces += free }
        spaces += Self.gap
      }
      return line
    }
    var lines: [String] = []
    if block.contains(where: { columns[$0].group != nil }) {
      lines.append(groupLine(block, widths, page))
    }
    lines.append(line(columns.map { Cell($0.title, .bold) }))
    lines += rows.map(line)
    return lines
  }

  /// The line with the titles of the groups, each over its columns.
  private func groupLine(_ block: [Int], _ widths: [Int], _ page: Page) -> String {
    var line = ""
    var used = 0
    var start = 0
    var last: String?
    for (place, column) in block.enumerated() {
      if let group = columns[column].group, group != last {
        let room = block[place...].prefix { columns[$0].group == group }
          .reduce(-Self.gap) { $0 + widths[$1] + Self.gap }
        let title = shortened(group, to: room)
        line += String(repeating: " ", count: max(0, start - used)) + page.paint(title, .bold)
        used = start + displayWidth(title)
      }
      last = columns[column].group
      start += widths[column] + Self.gap
    }
    return line
  }
}

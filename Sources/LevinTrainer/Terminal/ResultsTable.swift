/// The table of a test's or a validation's metrics, sorted by name, as Lightning lays it out.
public enum ResultsTable {
  /// - Parameters:
  ///   - title: The head of the first column, such as `Test metric`.
  ///   - results: The metrics of each loader; a column for each.
  ///   - width: The available columns. If equal columns do not fit they get narrower, and if no table fits each
  ///     metric gets a line.
  ///   - box: Whether lines are drawn around it, for a terminal.
  public static func text(
    title: String, _ results: [[String: Double]], width: Int, box: Bool
  ) -> String {
    let results = results.enumerated().map { loader, metrics in
      // The column says which loader it is.
      Dictionary(
        metrics.map { (withoutSuffix($0.key, loader), $0.value) }, uniquingKeysWith: { $1 })
    }
    let names = Set(results.flatMap(\.keys)).sorted()
    let heads = [title] + results.indices.map { "DataLoader \($0)" }
    let rows = names.map { name in
      [name] + results.map { $0[name].map(number) ?? "" }
    }
    guard let widths = widths([heads] + rows, width: width) else {
      return rows.map { $0.filter { !$0.isEmpty }.joined(separator: " ") }.joined(separator: "\n")
    }
    func line(_ row: [String], _ bar: String) -> String {
      "\(bar) " + zip(row, widths).map(centred).joined(separator: " \(bar) ") + " \(bar)"
    }
    func rule(_ stroke: String, _ left: String, _ middle: String, _ right: String) -> String {
      left + widths.map { String(repeating: stroke, count: $0 + 2) }.joined(separator: middle)
        + right
    }
    let lines =
      box
      ? [rule("━", "┏", "┳", "┓"), line(heads, "┃"), rule("━", "┡", "╇", "┩")]
        + rows.map { line($0, "│") } + [rule("─", "└", "┴", "┘")]
      : [line(heads, "|"), rule("-", "|", "|", "|")] + rows.map { line($0, "|") }
    return lines.joined(separator: "\n")
  }

  private static func withoutSuffix(_ name: String, _ loader: Int) -> String {
    let suffix = "/dataloader_idx_\(loader)"
    return name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
  }

  /// The widths of the columns; nil if they do not fit.
  private static func widths(_ rows: [[String]], width: Int) -> [Int]? {
    let longest = rows[0].indices.map { column in
      rows.map { Terminal.columns(of: $0[column]) }.max() ?? 0
    }
    // The bars, and a space on each side of each column.
    let room = width - 1 - 3 * longest.count
    let equal = room / longest.count
    if let most = longest.max(), most <= equal {
      return longest.map { _ in min(max(most, 25), equal) }
    }
    return longest.reduce(0, +) <= room ? longest : nil
  }

  /// A metric as Python prints a float32 that is widened to a double.
  static func number(_ value: Double) -> String { "\(Double(Float(value)))" }

  private static func centred(_ text: String, _ width: Int) -> String {
    let spaces = max(0, width - Terminal.columns(of: text))
    return String(repeating: " ", count: spaces / 2) + text
      + String(repeating: " ", count: spaces - spaces / 2)
  }
}

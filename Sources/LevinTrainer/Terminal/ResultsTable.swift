/// The table of a test's or a validation's metrics, sorted by name, as Lightning lays it out.
public enum ResultsTable {
  /// - Parameters:
  ///   - title: The head of the first column, such as `Test metric`.
  ///   - width: The available columns. If two equal columns do not fit they get narrower, and if no table fits each
  ///     metric gets a line.
  ///   - box: Whether lines are drawn around it, for a terminal.
  public static func text(
    title: String, _ metrics: [String: Double], width: Int, box: Bool
  ) -> String {
    let rows = metrics.sorted { $0.key < $1.key }.map { ($0.key, number($0.value)) }
    let heads = (title, "DataLoader 0")
    guard let columns = columns(([heads] + rows), width: width) else {
      return rows.map { "\($0.0) \($0.1)" }.joined(separator: "\n")
    }
    func line(_ row: (String, String), _ bar: String) -> String {
      "\(bar) \(centred(row.0, columns.0)) \(bar) \(centred(row.1, columns.1)) \(bar)"
    }
    func rule(_ stroke: String, _ left: String, _ middle: String, _ right: String) -> String {
      left + String(repeating: stroke, count: columns.0 + 2) + middle
        + String(repeating: stroke, count: columns.1 + 2) + right
    }
    let lines =
      box
      ? [rule("━", "┏", "┳", "┓"), line(heads, "┃"), rule("━", "┡", "╇", "┩")]
        + rows.map { line($0, "│") } + [rule("─", "└", "┴", "┘")]
      : [line(heads, "|"), rule("-", "|", "|", "|")] + rows.map { line($0, "|") }
    return lines.joined(separator: "\n")
  }

  /// The widths of the two columns; nil if they do not fit.
  private static func columns(_ rows: [(String, String)], width: Int) -> (Int, Int)? {
    let names = rows.map { Terminal.columns(of: $0.0) }.max() ?? 0
    let values = rows.map { Terminal.columns(of: $0.1) }.max() ?? 0
    let longest = max(names, values)
    // Three bars, and a space on each side of both columns.
    let room = width - 7
    if longest <= room / 2 {
      let column = min(max(longest, 25), room / 2)
      return (column, column)
    }
    return names + values <= room ? (names, values) : nil
  }

  /// A metric as Python prints a float32 that is widened to a double.
  static func number(_ value: Double) -> String { "\(Double(Float(value)))" }

  private static func centred(_ text: String, _ width: Int) -> String {
    let spaces = max(0, width - Terminal.columns(of: text))
    return String(repeating: " ", count: spaces / 2) + text
      + String(repeating: " ", count: spaces - spaces / 2)
  }
}

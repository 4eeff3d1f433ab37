/// The table of a test's or a validation's metrics, sorted by name, as Lightning lays it out.
public enum ResultsTable {
  /// - Parameters:
  ///   - title: The head of the first column, `Test metric`.
  ///   - width: Columns to stay within.
  ///   - box: With lines drawn around, for a terminal; plain otherwise.
  public static func text(
    title: String, _ metrics: [String: Double], width: Int, box: Bool
  ) -> String {
    let rows = metrics.sorted { $0.key < $1.key }.map { ($0.key, number($0.value)) }
    let heads = (title, "DataLoader 0")
    let longest = ([heads] + rows).flatMap { [$0.0.count, $0.1.count] }.max() ?? 0
    let column = min(max(longest, 25), max(width / 2 - 3, longest))
    func line(_ row: (String, String), _ bar: String) -> String {
      bar + " " + centred(row.0, column) + " " + bar + " " + centred(row.1, column) + " " + bar
    }
    let rule = String(repeating: box ? "━" : "-", count: column + 2)
    guard box else {
      return ([line(heads, "|"), "|\(rule)|\(rule)|"] + rows.map { line($0, "|") })
        .joined(separator: "\n")
    }
    let thin = String(repeating: "─", count: column + 2)
    return
      (["┏\(rule)┳\(rule)┓", line(heads, "┃"), "┡\(rule)╇\(rule)┩"] + rows.map { line($0, "│") } + [
        "└\(thin)┴\(thin)┘"
      ]).joined(separator: "\n")
  }

  /// A metric as Python prints the float32 widened to a double.
  static func number(_ value: Double) -> String { "\(Double(Float(value)))" }

  private static func centred(_ text: String, _ width: Int) -> String {
    let spaces = max(0, width - text.count)
    return String(repeating: " ", count: spaces / 2) + text
      + String(repeating: " ", count: spaces - spaces / 2)
  }
}

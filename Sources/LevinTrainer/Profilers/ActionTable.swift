internal import Foundation
internal import LevinTensor

/// How often actions ran, how long, and what they copied.
struct ActionTable {
  struct Row {
    let name: String
    var calls = 0
    var seconds = 0.0
    /// Bytes that were copied because something else held the memory; those of inner actions are included.
    var copied = 0
  }

  private(set) var rows: [Row] = []
  private var places: [ObjectIdentifier: Int] = [:]
  /// Retained, so that no other action reuses their memory.
  private var actions: [ProfiledAction] = []

  var isEmpty: Bool { rows.isEmpty }

  mutating func add(_ action: ProfiledAction, nanoseconds: UInt64, copied: Int) {
    let place: Int
    if let known = places[ObjectIdentifier(action)] {
      place = known
    } else {
      place = rows.count
      places[ObjectIdentifier(action)] = place
      actions.append(action)
      rows.append(Row(name: action.name))
    }
    rows[place].calls += 1
    rows[place].seconds += Double(nanoseconds) / 1e9
    rows[place].copied += copied
  }

  /// Adds a row for what measuring the others cost.
  mutating func addCost(of name: String, perAction seconds: Double) {
    let calls = rows.reduce(0) { $0 + $1.calls }
    rows.append(Row(name: name, calls: calls, seconds: seconds * Double(calls)))
  }

  /// Lightning's table: actions by their total time.
  func table(seconds: Double, extended: Bool) -> String {
    let width = max(rows.map(\.name.count).max() ?? 0, "Action".count)
    func line(_ cells: [String]) -> String {
      let first = cells[0].padded(to: width)
      return "|  \(first)\t|"
        + cells.dropFirst().map { "  \($0.padded(to: 15))\t|" }.joined()
    }
    let chosen = extended ? [0, 1, 2, 3, 4] : [0, 1, 3]
    func chosenLine(_ cells: [String]) -> String { line(chosen.map { cells[$0] }) }
    let header = chosenLine([
      "Action", "Mean duration (s)", "Num calls", "Total time (s)", "Percentage %",
    ])
    // Lightning counts the line break before the header, too.
    let rule = String(repeating: "-", count: 1 + Self.expandedWidth(header))
    let calls = rows.reduce(0) { $0 + $1.calls }
    var lines = [rule, header, rule]
    if extended {
      lines += [chosenLine(["Total", "-", "\(calls)", Self.number(seconds), "100 %"]), rule]
    }
    let sorted = rows.sorted {
      extended
        ? $0.seconds > $1.seconds : $0.seconds / Double($0.calls) > $1.seconds / Double($1.calls)
    }
    lines += sorted.map { row in
      chosenLine([
        row.name, Self.number(row.seconds / Double(row.calls)), "\(row.calls)",
        Self.number(row.seconds), Self.number(100 * row.seconds / seconds),
      ])
    }
    return (lines + [rule]).map { "\n" + $0 }.joined() + "\n"
  }

  /// Lines about the memory of tensors.
  func memory() -> String {
    let total = Tensor.peakMemoryInUse
    let copying = rows.filter { $0.copied > 0 }.sorted { $0.copied > $1.copied }.prefix(10)
    let lines = copying.map { row in
      "  \(Self.bytes(row.copied)) in \(row.calls) calls of \(row.name)"
    }
    let copies =
      copying.isEmpty
      ? ["Nothing was copied on write."]
      : ["Copied because it was written to while something else held it:"] + lines
    return (["Peak memory of tensors: \(Self.bytes(total))"] + copies).joined(separator: "\n")
  }

  /// A number with five digits, as Python's format `.5` writes it.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    if abs(value) >= 9999.95 {
      let parts = String(format: "%.4e", value).split(separator: "e")
      let digits = parts[0].reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()
      return String(digits) + "e" + parts[1]
    }
    let text = String(format: "%.5g", value)
    return text.contains { ".en".contains($0) } ? text : text + ".0"
  }

  /// A number of bytes with a unit.
  static func bytes(_ count: Int) -> String {
    var (value, unit) = (Double(count), 0)
    while value >= 1000, unit < 4 { (value, unit) = (value / 1000, unit + 1) }
    return unit == 0
      ? "\(count) B" : String(format: "%.1f ", value) + ["", "kB", "MB", "GB", "TB"][unit]
  }

  /// The width of a text whose tabs go to every eighth column.
  private static func expandedWidth(_ text: String) -> Int {
    text.reduce(0) { $1 == "\t" ? ($0 / 8 + 1) * 8 : $0 + 1 }
  }
}

extension String {
  /// The text, with spaces up to a width.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}

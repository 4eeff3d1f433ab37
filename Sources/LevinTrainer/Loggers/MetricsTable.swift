internal import LevinSystem

/// A file of comma-separated values whose columns may grow, in alphabetical order.
///
/// A hidden file beside it has a line for each mark: the number of rows before it, and the mark.
final class MetricsTable {
  private var columns: [String] = []
  private var rowCount = 0
  private var file: OpenFile
  private var length = 0
  private var marks: OpenFile?
  private var marksLength = 0
  private let marksPath: String

  /// - Parameter keeps: Whether the rows of an existing file stay.
  init(path: String, keeps: Bool) throws {
    marksPath = RunFolder.joined(RunFolder.folder(of: path), ".metrics.csv.marks")
    file = try OpenFile(path, for: .updating)
    let text = String(decoding: try FileBytes.read(path), as: UTF8.self)
    let rows = keeps ? CSVText.rows(of: text) : []
    if rows.isEmpty {
      if !text.isEmpty { Terminal.print("\(path) is from an earlier run and is replaced.") }
      try file.truncate(to: 0)
      FileSystem.removeFile(marksPath)
    } else {
      (columns, rowCount, length) = (rows[0], rows.count - 1, text.utf8.count)
      // A killed process may have left half a line.
      if !text.hasSuffix("\r\n") { try replace(rows, at: path) }
    }
  }

  /// Adds a row; columns that are new are added to all earlier ones.
  func append(_ row: [String: String], at path: String) throws {
    let all = Set(columns).union(row.keys)
    if all.count > columns.count {
      let known = columns
      columns = all.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
      let earlier = try earlierRows(path).dropFirst().map { cells in
        Dictionary(zip(known, cells), uniquingKeysWith: { $1 })
      }
      try replace([columns] + earlier.map { row in columns.map { row[$0] ?? "" } }, at: path)
    }
    try write(CSVText.line(columns.map { row[$0] ?? "" }), to: file, &length)
    rowCount += 1
  }

  /// Notes that everything so far comes before `mark`.
  func mark(_ mark: String) throws {
    if marks == nil {
      marks = try OpenFile(marksPath, for: .updating)
      marksLength = try FileBytes.read(marksPath).count
    }
    if let marks { try write("\(rowCount) \(mark)\n", to: marks, &marksLength) }
  }

  /// Removes the rows after a mark; keeps all if there is no such mark.
  func rewind(to mark: String) throws {
    guard FileBytes.isFile(marksPath) else { return }
    let lines = String(decoding: try FileBytes.read(marksPath), as: UTF8.self)
      .split(separator: "\n")
    guard let index = lines.lastIndex(where: { $0.drop { $0.isNumber }.dropFirst() == mark }),
      let count = Int(lines[index].prefix { $0.isNumber }), count < rowCount
    else { return }
    try replace(Array(earlierRows(file.path).prefix(count + 1)), at: file.path)
    rowCount = count
    marks = nil
    try AtomicFile.write(
      Array((lines[...index].joined(separator: "\n") + "\n").utf8), to: marksPath)
  }

  private func earlierRows(_ path: String) throws -> [[String]] {
    CSVText.rows(of: String(decoding: try FileBytes.read(path), as: UTF8.self))
  }

  /// Replaces the file, so that a reader sees the old rows or the new ones.
  private func replace(_ rows: [[String]], at path: String) throws {
    let bytes = Array(rows.map(CSVText.line).joined().utf8)
    try AtomicFile.write(bytes, to: path)
    file = try OpenFile(path, for: .updating)
    length = bytes.count
  }

  private func write(_ text: String, to file: OpenFile, _ length: inout Int) throws {
    let bytes = Array(text.utf8)
    var done = 0
    let start = length
    try bytes.withUnsafeBytes { try file.write($0, at: start, done: &done) }
    length = start + done
  }
}

/// Comma-separated values as Python's `csv` module reads and writes them.
enum CSVText {
  /// A line with its end.
  static func line(_ cells: [String]) -> String {
    cells.map { cell in
      guard cell.unicodeScalars.contains(where: ",\"\r\n".unicodeScalars.contains) else {
        return cell
      }
      return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }.joined(separator: ",") + "\r\n"
  }

  /// The rows of a text; a last line without its end does not count.
  static func rows(of text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = String.UnicodeScalarView()
    var isQuoted = false
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"":
        // Two quotes in a quoted cell are one.
        if !isQuoted, previous == "\"" { cell.append(scalar) }
        isQuoted.toggle()
      case "," where !isQuoted:
        row.append(String(cell))
        cell = .init()
      case "\n" where !isQuoted:
        rows.append(row + [String(cell)])
        row = []
        cell = .init()
      case "\r" where !isQuoted: break
      default: cell.append(scalar)
      }
      previous = scalar
    }
    return rows
  }
}

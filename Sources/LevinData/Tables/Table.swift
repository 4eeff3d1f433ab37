/// A table of texts with named columns, such as a CSV file of labels.
///
/// It is made for reading the lists of datasets, and small: cells are texts until a column is asked for numbers. Every
/// method returns a new table.
///
///     let table = try Table(contentsOf: "train.csv")
///     let frontal = try table.filtered { $0["View"] == "Frontal" }
///     let labels = try frontal.filling(["Edema"], with: "0").numbers("Edema")
public struct Table: Sendable, Hashable {
  /// The names of the columns, in order, each once.
  public let names: [String]
  /// The file that the table was read from, for errors.
  public let path: String
  /// One array for each column; nil for a blank cell.
  let columns: [[String?]]
  /// The line of the file on which each row begins.
  package let lines: [Int]

  /// Creates a table of rows; throws if a row has another number of cells than there are names, or if a name comes
  /// twice.
  ///
  /// - Parameter path: The name of the table in errors.
  public init(names: [String], rows: [[String?]], path: String = "table") throws(TableError) {
    try self.init(names: names, rows: rows, lines: Array(0..<rows.count), path: path)
  }

  init(
    names: [String], rows: [[String?]], lines: [Int], path: String
  ) throws(TableError) {
    try Self.requireDistinct(names, path)
    for (row, line) in zip(rows, lines) where row.count != names.count {
      throw TableError(
        path: path, line: line, problem: .wrongCount(found: row.count, expected: names.count))
    }
    self.names = names
    self.path = path
    self.lines = lines
    columns = names.indices.map { column in rows.map { $0[column] } }
  }

  init(names: [String], columns: [[String?]], lines: [Int], path: String) {
    self.names = names
    self.columns = columns
    self.lines = lines
    self.path = path
  }

  static func requireDistinct(_ names: [String], _ path: String) throws(TableError) {
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw TableError(path: path, line: 1, problem: .columnTwice(names[twice]))
    }
  }

  /// The number of rows.
  public var count: Int { lines.count }

  /// A row, cell by cell.
  public struct Row: Sendable {
    let table: Table
    /// Which row of the table it is.
    public let index: Int

    /// The cell of a column; nil if it is blank, or if there is no such column.
    public subscript(name: String) -> String? {
      table.names.firstIndex(of: name).flatMap { table.columns[$0][index] }
    }
  }

  /// The rows, in order.
  public var rows: [Row] { (0..<count).map { Row(table: self, index: $0) } }

  /// Throws unless there is a column of this name.
  func place(_ name: String) throws(TableError) -> Int {
    guard let place = names.firstIndex(of: name) else {
      throw TableError(path: path, line: 1, problem: .noColumn(name, names: names))
    }
    return place
  }
}

/// What is wrong with a table, and on which line.
public struct TableError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of problem.
  public enum Problem: Hashable, Sendable {
    /// The file has no line.
    case empty
    /// The text is not UTF-8.
    case notUTF8
    /// A row has too few or too many cells.
    case wrongCount(found: Int, expected: Int)
    /// Two columns have one name.
    case columnTwice(String)
    /// No column has the name.
    case noColumn(String, names: [String])
    /// A quote is not closed, or something follows it.
    case quote(String)
    /// A cell is not a number.
    case notANumber(String, column: String, kind: String)
    /// A cell is blank where there must be something.
    case blank(column: String)
    /// Two rows of the other table of a join have one key.
    case keyTwice(String)
  }
  /// The file.
  public let path: String
  /// The line, from 1.
  public let line: Int
  /// What is wrong.
  public let problem: Problem

  /// The file, the line, what was found and expected.
  public var description: String {
    let what =
      switch problem {
      case .empty: "found no line; expected the names of the columns"
      case .notUTF8: "found bytes that are not UTF-8"
      case .wrongCount(let found, let expected):
        "found \(found) cells; expected \(expected), as many as columns"
      case .columnTwice(let name): "two columns are named \(name)"
      case .noColumn(let name, let names):
        "no column is named \(name); there are \(names.joined(separator: ", "))"
      case .quote(let problem): problem
      case .notANumber(let text, let column, let kind):
        "found '\(text)' in the column \(column); expected \(kind)"
      case .blank(let column):
        "found a blank in the column \(column); fill it (filling(_:with:)) or leave its row out"
      case .keyTwice(let key): "the key \(key) comes twice in the table that is joined"
      }
    return "\(path):\(line): \(what)"
  }
}

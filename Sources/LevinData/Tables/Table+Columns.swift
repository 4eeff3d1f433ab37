internal import LevinSystem

extension Table {
  /// The cells of a column; nil where it is blank.
  public func texts(_ name: String) throws(TableError) -> [String?] { columns[try place(name)] }

  /// The numbers of a column; nil where it is blank or `nan`.
  public func optionalNumbers(_ name: String) throws(TableError) -> [Double?] {
    try parsed(name, "a number") { text in
      guard let number = Double(text) else { return nil }
      return .some(number.isNaN ? nil : number)
    }
  }

  /// The numbers of a column; throws if there are blanks.
  public func numbers(_ name: String) throws(TableError) -> [Double] {
    try complete(name, optionalNumbers(name))
  }

  /// The whole numbers of a column, also written as `1.0`; throws if there are blanks.
  public func integers(_ name: String) throws(TableError) -> [Int] {
    try complete(
      name,
      parsed(name, "a whole number") { text in
        if let number = Int(text) { return .some(number) }
        return Double(text).flatMap { Int(exactly: $0) }.map { .some($0) }
      })
  }

  /// The classes of a column: the distinct cells, sorted, and the place of each row's among them.
  public func classes(
    _ name: String
  ) throws(TableError) -> (names: [String], labels: [Int]) {
    let cells = try complete(name, texts(name))
    let names = Set(cells).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    return (names, cells.map { places[$0] ?? 0 })
  }

  /// `parse` returns nil for what it cannot read.
  private func parsed<Value>(
    _ name: String, _ kind: String, _ parse: (String) -> Value??
  ) throws(TableError) -> [Value?] {
    var values: [Value?] = []
    for (row, cell) in try texts(name).enumerated() {
      guard let cell else {
        values.append(nil)
        continue
      }
      guard let value = parse(cell) else {
        throw TableError(
          path: path, line: lines[row], problem: .notANumber(cell, column: name, kind: kind))
      }
      values.append(value)
    }
    return values
  }

  private func complete<Value>(
    _ name: String, _ values: [Value?]
  ) throws(TableError) -> [Value] {
    var all: [Value] = []
    for (row, value) in values.enumerated() {
      guard let value else {
        throw TableError(path: path, line: lines[row], problem: .blank(column: name))
      }
      all.append(value)
    }
    return all
  }
}

extension Table {
  /// Some columns, in this order.
  public func selecting(_ names: [String]) throws(TableError) -> Table {
    var chosen: [[String?]] = []
    for name in names { chosen.append(columns[try place(name)]) }
    return Table(names: names, columns: chosen, lines: lines, path: path)
  }

  /// The rows for which `isIncluded` is true.
  public func filtered(_ isIncluded: (Row) throws -> Bool) rethrows -> Table {
    self[try rows.filter(isIncluded).map(\.index)]
  }

  /// Rows by their places, in this order.
  public subscript(indices: [Int]) -> Table {
    if let wrong = indices.first(where: { $0 < 0 || $0 >= count }) {
      fail("Table", "row \(wrong)", expected: "one of 0..<\(count)")
    }
    return Table(
      names: names, columns: columns.map { column in indices.map { column[$0] } },
      lines: indices.map { lines[$0] }, path: path)
  }

  /// A text in place of the blanks of some columns.
  public func filling(_ names: [String], with text: String) throws(TableError) -> Table {
    try changing(names) { $0 ?? text }
  }

  /// Other texts in place of some cells of some columns.
  public func replacing(_ names: [String], _ texts: [String: String]) throws(TableError) -> Table {
    try changing(names) { cell in cell.map { texts[$0] ?? $0 } }
  }

  /// A column more, or another content of one; traps unless there is a cell for each row.
  public func adding(_ name: String, _ cells: [String?]) -> Table {
    guard cells.count == count else {
      fail("Table", "\(cells.count) cells", expected: "one for each of the \(count) rows")
    }
    var (names, columns) = (names, columns)
    if let place = names.firstIndex(of: name) {
      columns[place] = cells
    } else {
      names.append(name)
      columns.append(cells)
    }
    return Table(names: names, columns: columns, lines: lines, path: path)
  }

  /// The columns of two tables, for the rows that have equal cells in the columns `keys`.
  ///
  /// Each row of this table is kept once, in order; rows without a partner are left out, or have blanks if `keepsAll`.
  /// Columns of the other table whose names this one has are left out.
  ///
  /// - Throws: ``TableError`` if a key comes twice in the other table.
  public func joined(
    with other: Table, on keys: [String], keepsAll: Bool = false
  ) throws(TableError) -> Table {
    func key(_ row: Int, of table: Table, _ places: [Int]) -> [String?] {
      places.map { table.columns[$0][row] }
    }
    var (own, others): ([Int], [Int]) = ([], [])
    for name in keys {
      own.append(try place(name))
      others.append(try other.place(name))
    }
    var partners: [[String?]: Int] = [:]
    for row in 0..<other.count {
      let key = key(row, of: other, others)
      guard partners.updateValue(row, forKey: key) == nil else {
        throw TableError(
          path: other.path, line: other.lines[row],
          problem: .keyTwice(key.map { $0 ?? "" }.joined(separator: ", ")))
      }
    }
    let pairs = (0..<count).map { (row: $0, partner: partners[key($0, of: self, own)]) }
      .filter { keepsAll || $0.partner != nil }
    let new = other.names.indices.filter { !names.contains(other.names[$0]) }
    let kept = self[pairs.map(\.row)]
    return Table(
      names: names + new.map { other.names[$0] },
      columns: kept.columns
        + new.map { column in pairs.map { $0.partner.flatMap { other.columns[column][$0] } } },
      lines: kept.lines, path: path)
  }

  /// The rows of each value of a column, in the order of their first rows; rows with a blank are left out.
  public func grouped(by name: String) throws(TableError) -> [(key: String, rows: [Int])] {
    var groups: [(key: String, rows: [Int])] = []
    var places: [String: Int] = [:]
    for (row, cell) in try texts(name).enumerated() {
      guard let cell else { continue }
      if let place = places[cell] {
        groups[place].rows.append(row)
      } else {
        places[cell] = groups.count
        groups.append((cell, [row]))
      }
    }
    return groups
  }

  private func changing(
    _ names: [String], _ change: (String?) -> String?
  ) throws(TableError) -> Table {
    var columns = columns
    for name in names {
      let place = try place(name)
      columns[place] = columns[place].map(change)
    }
    return Table(names: self.names, columns: columns, lines: lines, path: path)
  }
}

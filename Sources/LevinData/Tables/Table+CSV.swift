internal import LevinFormats
internal import LevinSystem

extension Table {
  /// Reads a file of comma-separated values, plain or compressed with gzip; its bytes decide which.
  ///
  /// Cells may be quoted, and then have commas, line breaks and doubled quotes. Lines end with LF or CRLF; a byte-order
  /// mark is skipped, and so are empty lines at the end. Cells without a character are blank.
  ///
  /// - Parameters:
  ///   - path: The file; a leading `~` is the user's home.
  ///   - delimiter: What stands between cells: an ASCII character.
  ///   - hasNames: Whether the first line has the names of the columns; otherwise they are `0`, `1` and so on.
  /// - Throws: ``TableError`` with path and line, `FileError`, `GzipError`.
  public init(
    contentsOf path: String, delimiter: Character = ",", hasNames: Bool = true
  ) throws {
    let path = FileSystem.expandingHome(path)
    let bytes = try FileBytes.read(path)
    let isGzip = bytes.starts(with: [0x1f, 0x8b])
    try self.init(
      csv: isGzip ? Gzip.inflate(bytes, path: path, limit: 1 << 32 - 1) : bytes, path: path,
      delimiter: delimiter, hasNames: hasNames)
  }

  /// Reads comma-separated values.
  ///
  /// - Parameter path: The name of the table in errors.
  public init(
    csv bytes: [UInt8], path: String = "table", delimiter: Character = ",", hasNames: Bool = true
  ) throws(TableError) {
    guard let delimiter = delimiter.asciiValue else {
      fail("Table", "the delimiter '\(delimiter)'", expected: "an ASCII character")
    }
    var reader = CSVReader(bytes: bytes, delimiter: delimiter, path: path)
    guard let first = try reader.next() else {
      throw TableError(path: path, line: 1, problem: .empty)
    }
    let names = hasNames ? first.map { $0 ?? "" } : first.indices.map { String($0) }
    var columns = [[String?]](repeating: [], count: names.count)
    var lines: [Int] = []
    var (line, row) = (hasNames ? reader.line : 1, hasNames ? try reader.next() : first)
    while let cells = row {
      guard cells.count == names.count else {
        throw TableError(
          path: path, line: line,
          problem: .wrongCount(found: cells.count, expected: names.count))
      }
      for (place, cell) in cells.enumerated() { columns[place].append(cell) }
      lines.append(line)
      (line, row) = (reader.line, try reader.next())
    }
    try Self.requireDistinct(names, path)
    self.init(names: names, columns: columns, lines: lines, path: path)
  }
}

/// Splits bytes into rows of cells (RFC 4180).
private struct CSVReader {
  let bytes: [UInt8]
  let delimiter: UInt8
  let path: String
  var place: Int
  var line = 1

  init(bytes: [UInt8], delimiter: UInt8, path: String) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.path = path
    place = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// The cells of the next row; nil at the end.
  mutating func next() throws(TableError) -> [String?]? {
    guard bytes[place...].contains(where: { $0 != 0x0a && $0 != 0x0d }) else { return nil }
    var row: [String?] = []
    while true {
      row.append(try cell())
      guard place < bytes.count else { return row }
      if bytes[place] == delimiter {
        place += 1
        continue
      }
      place += bytes[place] == 0x0d ? 2 : 1
      line += 1
      return row
    }
  }

  private mutating func cell() throws(TableError) -> String? {
    guard place < bytes.count, bytes[place] == 0x22 else {
      let start = place
      var bits: UInt8 = 0
      while place < bytes.count, !isEnd(place) {
        bits |= bytes[place]
        place += 1
      }
      guard start < place else { return nil }
      // Validating costs several times as much, and ASCII is valid.
      return bits < 0x80
        ? String(decoding: bytes[start..<place], as: UTF8.self) : try text(bytes[start..<place])
    }
    let first = line
    var content: [UInt8] = []
    place += 1
    while true {
      guard place < bytes.count else {
        throw TableError(path: path, line: first, problem: .quote("a quote is not closed"))
      }
      let byte = bytes[place]
      place += 1
      if byte == 0x0a { line += 1 }
      guard byte == 0x22 else {
        content.append(byte)
        continue
      }
      guard place < bytes.count, bytes[place] == 0x22 else { break }
      content.append(0x22)
      place += 1
    }
    guard place == bytes.count || isEnd(place) else {
      throw TableError(
        path: path, line: line,
        problem: .quote("something follows a closed quote; quotes inside of one are doubled"))
    }
    return content.isEmpty ? nil : try text(content[...])
  }

  /// Whether a cell ends here.
  private func isEnd(_ place: Int) -> Bool {
    let byte = bytes[place]
    return byte == delimiter || byte == 0x0a
      || byte == 0x0d && place + 1 < bytes.count && bytes[place + 1] == 0x0a
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(TableError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TableError(path: path, line: line, problem: .notUTF8)
    }
    return text
  }
}

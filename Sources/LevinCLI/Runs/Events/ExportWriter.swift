internal import LevinTensorBoard

/// Formats the rows of `levin events export` and writes them in pieces.
struct ExportWriter {
  enum Format { case csv, json }

  /// The columns that the rows of a tag have in common.
  struct Column {
    var run: String
    var kind: String
    var tag: String
  }

  private let format: Format
  private let write: ([UInt8]) throws -> Void
  private var pending = RowBuffer()
  private var isFirst = true
  private static let pieceLength = 1 << 16

  /// - Parameter write: Takes the finished bytes.
  init(_ format: Format, write: @escaping ([UInt8]) throws -> Void) {
    self.format = format
    self.write = write
    pending.put(format == .csv ? "run,kind,tag,step,wall_time,value\n" : "[")
  }

  /// Adds a row with a value of any kind.
  mutating func row(_ column: Column, _ point: Run.Point, _ value: JSONText) throws {
    let text =
      switch (format, value) {
      case (.json, _): value.line
      case (.csv, .string(let text)): CSVText.field(text)
      case (.csv, .number(let number)): NumberText.exact(number)
      case (.csv, _): CSVText.field(value.line)
      }
    var row = RowBuffer()
    Self.row(head(column), point.step, point.wallTime, format, in: &row) { $0.put(text) }
    try add(row.take()[...])
  }

  /// Adds the rows of a curve, formatted on all processors, some pieces at a time.
  mutating func curve(_ column: Column, _ curve: ScalarSeries) throws {
    let (head, format) = (head(column), format)
    let rows = 0..<curve.count
    let (pieceRows, pieces) = (1024, 64)
    for start in stride(from: 0, to: rows.upperBound, by: pieceRows * pieces) {
      let ranges = (0..<pieces).map { piece in
        let first = start + piece * pieceRows
        return (first..<first + pieceRows).clamped(to: rows)
      }
      let texts = concurrentMap(ranges) { range in
        var buffer = RowBuffer()
        for place in range {
          Self.row(
            head, curve.steps[place], curve.wallTimes[place], format, in: &buffer
          ) { buffer in
            if !curve.exactIntegers.isEmpty, let integer = curve.exactIntegers[place] {
              buffer.put(integer.description)
            } else {
              Self.put(curve.values[place], format, in: &buffer)
            }
          }
        }
        return buffer.take()
      }
      for text in texts { try add(text[...]) }
    }
  }

  /// Adds rows, each of which begins with a separator, and writes the pending bytes once they make up a piece.
  private mutating func add(_ rows: ArraySlice<UInt8>) throws {
    guard !rows.isEmpty else { return }
    // The first object of the array has no separator.
    pending.put(format == .json && isFirst ? rows.dropFirst() : rows)
    isFirst = false
    guard pending.count >= Self.pieceLength else { return }
    try write(pending.take())
  }

  /// Ends the text and writes the rest.
  mutating func finish() throws {
    if format == .json { pending.put("\n]\n") }
    try write(pending.take())
  }

  /// The part of the row before the step.
  private func head(_ column: Column) -> [UInt8] {
    let names = [column.run, column.kind, column.tag]
    guard format == .json else { return Array((CSVText.line(names) + ",").utf8) }
    let texts = names.map { JSONText.string($0).line }
    return Array(#"{"run": \#(texts[0]), "kind": \#(texts[1]), "tag": \#(texts[2]), "step": "#.utf8)
  }

  /// Adds a row and, in JSON, the separator before it.
  @inline(__always)
  private static func row(
    _ head: [UInt8], _ step: Int, _ wallTime: Double, _ format: Format, in buffer: inout RowBuffer,
    value: (inout RowBuffer) -> Void
  ) {
    if format == .json { buffer.put(",\n") }
    buffer.put(head)
    buffer.put(step)
    buffer.put(format == .json ? ", \"wall_time\": " : ",")
    if !buffer.put(seconds: wallTime) { put(wallTime, format, in: &buffer) }
    buffer.put(format == .json ? ", \"value\": " : ",")
    value(&buffer)
    buffer.put(format == .json ? "}" : "\n")
  }

  private static func put(_ number: Double, _ format: Format, in buffer: inout RowBuffer) {
    let text = NumberText.exact(number)
    // JSON has no NaN and no infinities.
    buffer.put(format == .json && !number.isFinite ? "\"\(text)\"" : text)
  }
}

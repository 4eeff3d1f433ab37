internal import LevinSystem
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
    if let separator = separator() { pending.put(separator) }
    Self.row(head(column), point.step, point.wallTime, format, in: &pending) { $0.put(text) }
    try writeFullPiece()
  }

  /// Adds the rows of a curve; those of a long one are formatted on all processors, a group of pieces at a time.
  mutating func curve(_ column: Column, _ curve: ScalarSeries) throws {
    let (head, format) = (head(column), format)
    let (pieceRows, groupRows) = (1024, 64 * 1024)
    guard curve.count > pieceRows else {
      guard curve.count > 0 else { return }
      if let separator = separator() { pending.put(separator) }
      Self.rows(head, curve, 0..<curve.count, format, in: &pending)
      return try writeFullPiece()
    }
    for start in stride(from: 0, to: curve.count, by: groupRows) {
      let end = min(start + groupRows, curve.count)
      let pieces = stride(from: start, to: end, by: pieceRows).map { $0..<min($0 + pieceRows, end) }
      let texts = concurrentMap(pieces) { piece in
        var buffer = RowBuffer()
        Self.rows(head, curve, piece, format, in: &buffer)
        return buffer.take()
      }
      for text in texts {
        if let separator = separator() { pending.put(separator) }
        pending.put(text)
        try writeFullPiece()
      }
    }
  }

  /// Adds some rows of a curve, with separators between them.
  private static func rows(
    _ head: [UInt8], _ curve: ScalarSeries, _ places: Range<Int>, _ format: Format,
    in buffer: inout RowBuffer
  ) {
    for place in places {
      if format == .json, place > places.lowerBound { buffer.put(",\n") }
      row(head, curve.steps[place], curve.wallTimes[place], format, in: &buffer) { buffer in
        if !curve.exactIntegers.isEmpty, let integer = curve.exactIntegers[place] {
          buffer.put(integer.description)
        } else {
          put(curve.values[place], format, in: &buffer)
        }
      }
    }
  }

  /// The separator before the next row; nil if there is none.
  private mutating func separator() -> String? {
    defer { isFirst = false }
    return format == .csv ? nil : isFirst ? "\n" : ",\n"
  }

  private mutating func writeFullPiece() throws {
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

  /// Adds a row without a separator.
  @inline(__always)
  private static func row(
    _ head: [UInt8], _ step: Int, _ wallTime: Double, _ format: Format, in buffer: inout RowBuffer,
    value: (inout RowBuffer) -> Void
  ) {
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

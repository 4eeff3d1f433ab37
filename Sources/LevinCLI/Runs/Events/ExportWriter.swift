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
    try row(head(column), point.step, point.wallTime) { $0.put(text) }
  }

  /// Adds the rows of a curve.
  mutating func curve(_ column: Column, _ curve: ScalarSeries) throws {
    let head = head(column)
    let format = format
    for place in 0..<curve.count {
      try row(head, curve.steps[place], curve.wallTimes[place]) { buffer in
        if !curve.exactIntegers.isEmpty, let integer = curve.exactIntegers[place] {
          buffer.put(integer.description)
        } else {
          Self.put(curve.values[place], format, in: &buffer)
        }
      }
    }
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

  @inline(__always)
  private mutating func row(
    _ head: [UInt8], _ step: Int, _ wallTime: Double, value: (inout RowBuffer) -> Void
  ) throws {
    if format == .json { pending.put(isFirst ? "\n" : ",\n") }
    isFirst = false
    pending.put(head)
    pending.put(step)
    pending.put(format == .json ? ", \"wall_time\": " : ",")
    if !pending.put(seconds: wallTime) { Self.put(wallTime, format, in: &pending) }
    pending.put(format == .json ? ", \"value\": " : ",")
    value(&pending)
    pending.put(format == .json ? "}" : "\n")
    guard pending.count >= Self.pieceLength else { return }
    try write(pending.take())
  }

  private static func put(_ number: Double, _ format: Format, in buffer: inout RowBuffer) {
    let text = NumberText.exact(number)
    // JSON has no NaN and no infinities.
    buffer.put(format == .json && !number.isFinite ? "\"\(text)\"" : text)
  }
}

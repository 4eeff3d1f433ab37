internal import LevinTensor

/// The predictions of a module, sample by sample: the outputs of all batches, split along their first dimension.
struct Predictions {
  enum Format { case text, csv, json }

  let outputs: [Tensor]

  /// Passes the text to `write` in pieces.
  func write(_ format: Format, _ write: (String) throws -> Void) throws {
    switch format {
    case .text:
      let width = max(5, String(max(0, count - 1)).count)
      try write(padded("index", to: width, isRight: true) + "  prediction\n")
      try forEachBatch { start, rows in
        let lines = rows.enumerated().map { offset, row in
          let values = row.elements.map { Self.text($0, NumberText.short) }
          return padded(String(start + offset), to: width, isRight: true) + "  "
            + values.joined(separator: " ") + "\n"
        }
        try write(lines.joined())
      }
    case .csv:
      let columns = outputs.map(Self.columns).max() ?? 1
      let names = columns == 1 ? ["prediction"] : (0..<columns).map { "prediction_\($0)" }
      try write(CSVText.line(["index"] + names) + "\n")
      try forEachBatch { start, rows in
        let lines = rows.enumerated().map { offset, row in
          let values = row.elements.map { Self.text($0, NumberText.exact) }
          let missing = Array(repeating: "", count: columns - values.count)
          return CSVText.line([String(start + offset)] + values + missing) + "\n"
        }
        try write(lines.joined())
      }
    case .json:
      try forEachBatch { start, rows in
        let lines = rows.enumerated().map { offset, row in
          let index = start + offset
          let object = JSONText.object([("index", .integer(index)), ("prediction", row.nested)])
          return (index == 0 ? "[\n" : ",\n") + object.line
        }
        try write(lines.joined())
      }
      try write(count == 0 ? "[]\n" : "\n]\n")
    }
  }

  private var count: Int { outputs.reduce(0) { $0 + Self.samples($1) } }

  private static func samples(_ output: Tensor) -> Int { output.rank == 0 ? 1 : output.shape[0] }

  /// The number of values of a sample.
  private static func columns(_ output: Tensor) -> Int {
    output.shape.dropFirst().reduce(1, *)
  }

  /// One sample's output.
  private struct Row {
    var elements: ArraySlice<JSONText>
    var shape: ArraySlice<Int>

    var nested: JSONText { Self.nested(elements, shape) }

    private static func nested(_ elements: ArraySlice<JSONText>, _ shape: ArraySlice<Int>)
      -> JSONText
    {
      guard let size = shape.first else { return elements.first ?? .null }
      let step = elements.count / max(1, size)
      return .array(
        (0..<size).map {
          let start = elements.startIndex + $0 * step
          return nested(elements[start..<start + step], shape.dropFirst())
        })
    }
  }

  /// Calls `body` with the rows of each output and the number of the first one.
  private func forEachBatch(_ body: (_ start: Int, _ rows: [Row]) throws -> Void) throws {
    var start = 0
    for output in outputs {
      let elements = Self.elements(output)
      let (samples, columns) = (Self.samples(output), Self.columns(output))
      let rows = (0..<samples).map { sample in
        Row(
          elements: elements[sample * columns..<(sample + 1) * columns],
          shape: Array(output.shape)[...].dropFirst())
      }
      try body(start, rows)
      start += samples
    }
  }

  private static func elements(_ output: Tensor) -> [JSONText] {
    switch output.dtype {
    case .float32, .float16, .bfloat16:
      output.to(.float32).scalars(as: Float.self).map { .number(Double($0)) }
    case .float64: output.scalars(as: Double.self).map { .number($0) }
    case .int32: output.scalars(as: Int32.self).map { .integer(Int($0)) }
    case .int64: output.scalars(as: Int64.self).map { .integer(Int($0)) }
    case .uint8: output.scalars(as: UInt8.self).map { .integer(Int($0)) }
    case .bool: output.scalars(as: Bool.self).map { .bool($0) }
    }
  }

  private static func text(_ value: JSONText, _ number: (Double) -> String) -> String {
    if case .number(let value) = value { number(value) } else { value.line }
  }
}

internal import LevinTensorBoard

/// The values of runs in long format.
struct ExportRows {
  struct Row {
    var run: String
    var kind: String
    var tag: String
    var step: Int
    var wallTime: Double
    var value: JSONText

    var csv: String {
      let text =
        switch value {
        case .string(let text): text
        case .number(let number): NumberText.exact(number)
        default: value.line
        }
      return CSVText.line([run, kind, tag, String(step), NumberText.exact(wallTime), text])
    }

    var json: JSONText {
      .object([
        ("run", .string(run)), ("kind", .string(kind)), ("tag", .string(tag)),
        ("step", .integer(step)), ("wall_time", .number(wallTime)), ("value", value),
      ])
    }
  }

  static let csvHeader = "run,kind,tag,step,wall_time,value"

  private let runs: [(name: String, folder: String)]

  init(_ runs: [(name: String, folder: String)]) { self.runs = runs }

  /// Calls `body` with every value: run by run, tag by tag, in the order of the files.
  func forEach(_ body: (Row) throws -> Void) throws {
    for (name, folder) in runs {
      let run = try Run(directory: folder)
      for entry in run.hyperparameters?.values ?? [] {
        let value: JSONText =
          switch entry.value {
          case .number(let number): .number(number)
          case .string(let text): .string(text)
          case .bool(let flag): .bool(flag)
          }
        try body(
          Row(
            run: name, kind: "hyperparameter", tag: entry.name, step: 0,
            wallTime: run.wallTimes?.lowerBound ?? 0, value: value))
      }
      for tag in run.tags { try rows(of: tag, in: run, name, body) }
    }
  }

  private func rows(
    of tag: Run.Tag, in run: Run, _ name: String, _ body: (Row) throws -> Void
  ) throws {
    func write<Value>(
      _ kind: String, _ values: [Logged<Value>], _ convert: (Value) -> JSONText
    ) throws {
      for logged in values {
        try body(
          Row(
            run: name, kind: kind, tag: tag.name, step: logged.step, wallTime: logged.wallTime,
            value: convert(logged.value)))
      }
    }
    switch tag.kind {
    case .scalar:
      guard let series = run.scalars(tag.name) else { return }
      for index in 0..<series.count {
        try body(
          Row(
            run: name, kind: "scalar", tag: tag.name, step: series.steps[index],
            wallTime: series.wallTimes[index], value: .number(series.values[index])))
      }
    case .text: try write("text", try run.texts(tag.name)) { .string($0.text) }
    case .image:
      try write("image", try run.images(tag.name)) {
        .string("\($0.width)×\($0.height) \($0.format.rawValue)")
      }
    case .histogram:
      try write("histogram", try run.histograms(tag.name)) {
        .object([
          ("count", .number($0.count)), ("minimum", .number($0.minimum)),
          ("maximum", .number($0.maximum)),
        ])
      }
    case .audio:
      try write("audio", try run.sounds(tag.name)) {
        .string(
          "\($0.frames) frames of \($0.channels) channels, \(NumberText.short(Double($0.sampleRate))) Hz"
        )
      }
    case .tensor, .precisionRecallCurve, .mesh:
      try write("tensor", try run.tensors(tag.name)) { tensor in
        guard case .numbers(let numbers) = tensor.values else {
          return .string("\(tensor.shape)")
        }
        return .array(numbers.map { .number($0) })
      }
    case .graph, .runMetadata, .hyperparameters, .customScalarLayout: break
    }
  }
}

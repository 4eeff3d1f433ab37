internal import LevinTensorBoard

/// How values of each kind are written.
extension ExportRows {
  /// A value according to the kind of its tag; a value of another kind is written as a tensor.
  static func json(_ value: SummaryValue, _ kind: Run.Tag.Kind) -> [JSONText] {
    let found: [JSONText]
    switch kind {
    case .text: found = value.text.map { [.string($0.text)] } ?? []
    case .image:
      found = value.images.map { .string("\($0.width)×\($0.height) \($0.format.rawValue)") }
    case .histogram: found = value.histogram.map { [json($0)] } ?? []
    case .audio: found = value.sounds.map(json)
    case .customScalarLayout: found = value.layout.map { [json($0)] } ?? []
    default: found = []
    }
    return found.isEmpty ? [value.tensor.map(json) ?? .null] : found
  }

  static func json(_ value: HyperparameterValue) -> JSONText {
    switch value {
    case .number(let number): .number(number)
    case .string(let text): .string(text)
    case .bool(let flag): .bool(flag)
    }
  }

  private static func json(_ histogram: LoggedHistogram) -> JSONText {
    .object([
      ("count", .number(histogram.count)), ("minimum", .number(histogram.minimum)),
      ("maximum", .number(histogram.maximum)),
    ])
  }

  private static func json(_ sound: LoggedAudio) -> JSONText {
    .string(
      "\(plural(sound.frames, "frame")) of \(plural(sound.channels, "channel")), "
        + "\(NumberText.short(Double(sound.sampleRate))) Hz")
  }

  private static func json(_ tensor: LoggedTensor) -> JSONText {
    switch tensor.values {
    case .numbers(let numbers): .array(numbers.map { .number($0) })
    case .integers(let numbers): .array(numbers.map { .integer($0) })
    case .unsigned(let numbers): .array(numbers.map { .unsigned($0) })
    case .complex(let numbers):
      .array(numbers.map { .array([.number($0.real), .number($0.imaginary)]) })
    case .strings(let strings): .array(strings.map { .string(String(decoding: $0, as: UTF8.self)) })
    case .other: .string("shape \(tensor.shape), TensorFlow's type \(tensor.dtype)")
    }
  }

  static func json(_ graph: LoggedGraph) -> JSONText {
    .array(
      graph.nodes.map {
        .object([
          ("name", .string($0.name)), ("operation", .string($0.operation)),
          ("inputs", .array($0.inputs.map { .string($0) })),
        ])
      })
  }

  private static func json(_ layout: LoggedLayout) -> JSONText {
    .array(
      layout.categories.map { category in
        .object([
          ("title", .string(category.title)),
          ("charts", .array(category.charts.map(json))),
        ])
      })
  }

  private static func json(_ chart: LoggedLayout.Chart) -> JSONText {
    let margins = chart.margins.map { margin in
      JSONText.object([
        ("value", .string(margin.value)), ("lower", .string(margin.lower)),
        ("upper", .string(margin.upper)),
      ])
    }
    return .object([
      ("title", .string(chart.title)), ("tags", .array(chart.tags.map { .string($0) })),
      ("margins", .array(margins)),
    ])
  }
}

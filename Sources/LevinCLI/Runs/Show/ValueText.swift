internal import LevinTensorBoard

/// Values of any kind in a few words on one line.
enum ValueText {
  /// The last values of a tag, oldest first.
  static func values(
    of tag: Run.Tag, in run: Run, last: Int
  ) throws -> [(step: Int, text: String)] {
    func texts<Value>(
      _ values: [Logged<Value>], _ text: (Value) -> String
    ) -> [(step: Int, text: String)] { values.map { ($0.step, text($0.value)) } }
    switch tag.kind {
    case .scalar:
      guard let series = run.scalars(tag.name) else { return [] }
      return zip(series.steps, series.values).suffix(last)
        .map { ($0, NumberText.exact($1)) }
    case .text: return texts(try run.texts(tag.name, last: last)) { JSONText.string($0.text).line }
    case .image: return texts(try run.images(tag.name, last: last), picture)
    case .histogram: return texts(try run.histograms(tag.name, last: last), histogram)
    case .audio: return texts(try run.sounds(tag.name, last: last), sound)
    case .tensor, .precisionRecallCurve, .mesh:
      return texts(try run.tensors(tag.name, last: last), tensor)
    case .graph: return try run.graph().map { [(0, plural($0.nodes.count, "node"))] } ?? []
    case .runMetadata, .hyperparameters, .customScalarLayout: return []
    }
  }

  static func kind(_ kind: Run.Tag.Kind) -> String {
    switch kind {
    case .scalar: "scalar"
    case .text: "text"
    case .image: "image"
    case .histogram: "histogram"
    case .audio: "sound"
    case .graph: "graph"
    case .runMetadata: "run metadata"
    case .hyperparameters: "hyperparameters"
    case .precisionRecallCurve: "precision-recall curve"
    case .mesh: "mesh"
    case .customScalarLayout: "layout of custom scalars"
    case .tensor(let plugin): ["", "tensor"].contains(plugin) ? "tensor" : "tensor of \(plugin)"
    }
  }

  static func picture(_ image: LoggedImage) -> String {
    "\(image.width)×\(image.height) \(image.format.rawValue)"
  }

  private static func histogram(_ histogram: LoggedHistogram) -> String {
    let count = NumberText.short(histogram.count)
    return "\(count) value\(count == "1" ? "" : "s") from \(NumberText.short(histogram.minimum)) "
      + "to \(NumberText.short(histogram.maximum))"
  }

  private static func sound(_ sound: LoggedAudio) -> String {
    plural(sound.frames, "frame") + ", " + plural(sound.channels, "channel")
      + ", \(NumberText.short(Double(sound.sampleRate))) Hz"
  }

  private static func tensor(_ tensor: LoggedTensor) -> String {
    if let number = tensor.scalar { return NumberText.short(number) }
    let shape = tensor.shape.isEmpty ? "1" : tensor.shape.map(String.init).joined(separator: "×")
    switch tensor.values {
    case .numbers, .integers, .unsigned, .complex:
      return shape + (shape == "1" ? " number" : " numbers")
    case .strings: return shape + (shape == "1" ? " text" : " texts")
    case .other: return shape
    }
  }
}

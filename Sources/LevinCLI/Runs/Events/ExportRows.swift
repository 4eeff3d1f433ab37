internal import LevinTensorBoard

/// The values of a run in long format: tag by tag, in the order of the files.
///
/// Only one value and the curves are held in memory at a time.
struct ExportRows {
  private let run: Run
  private let name: String
  private let reader: ValueReader

  init(_ run: Run, name: String) {
    self.run = run
    self.name = name
    reader = ValueReader(run)
  }

  func write(to writer: inout ExportWriter) throws {
    let start = Run.Point(step: 0, wallTime: run.wallTimes?.lowerBound ?? 0)
    for entry in run.hyperparameters?.values ?? [] {
      let column = ExportWriter.Column(run: name, kind: "hyperparameter", tag: entry.name)
      try writer.row(column, start, Self.json(entry.value))
    }
    for tag in run.tags {
      let column = ExportWriter.Column(run: name, kind: tag.kind.exportName, tag: tag.name)
      if let curve = run.scalars(tag.name) { try writer.curve(column, curve) }
      for (index, point) in run.points(tag.name).enumerated() {
        for value in try values(of: tag, at: index) { try writer.row(column, point, value) }
      }
    }
  }

  private func values(of tag: Run.Tag, at index: Int) throws -> [JSONText] {
    switch tag.kind {
    // The values of the session come first; the tag's own values add nothing.
    case .scalar, .hyperparameters: return []
    case .graph: return [Self.json(try reader.graph(at: index))]
    case .runMetadata:
      return [.string("\(try reader.runMetadata(tag.name, at: index).count) bytes")]
    default: return Self.json(try reader.value(tag.name, at: index), tag.kind)
    }
  }
}

extension Run.Tag.Kind {
  /// The name in the column `kind`.
  fileprivate var exportName: String {
    switch self {
    case .scalar: "scalar"
    case .text: "text"
    case .image: "image"
    case .histogram: "histogram"
    case .audio: "audio"
    case .graph: "graph"
    case .runMetadata: "run_metadata"
    case .hyperparameters: "hyperparameter"
    case .customScalarLayout: "layout"
    case .tensor, .precisionRecallCurve, .mesh: "tensor"
    }
  }
}

extension Run {
  /// The step and time of a value in a run.
  public struct Point: Sendable, Hashable {
    /// The step that the writer gave.
    public var step: Int
    /// Seconds since 1970.
    public var wallTime: Double

    /// Creates a point.
    public init(step: Int, wallTime: Double) {
      self.step = step
      self.wallTime = wallTime
    }
  }

  /// The points of a tag other than a curve, oldest first, without their values.
  ///
  /// Empty for curves, and if there is no such tag.
  public func points(_ tag: String) -> [Point] {
    index.entry(tag)?.places.map { Point(step: $0.step, wallTime: $0.wallTime) } ?? []
  }

  /// The texts under a tag, oldest first; only the `last` ones if given.
  public func texts(
    _ tag: String, last: Int = .max
  ) throws(EventFileError) -> [Logged<LoggedText>] {
    try values(tag, .text, last: last) { $0.text.map { [$0] } ?? [] }
  }

  /// The pictures under a tag, oldest first; all of them if a step has several.
  public func images(
    _ tag: String, last: Int = .max
  ) throws(EventFileError) -> [Logged<LoggedImage>] {
    try values(tag, .image, last: last, \.images)
  }

  /// The histograms under a tag, oldest first.
  public func histograms(
    _ tag: String, last: Int = .max
  ) throws(EventFileError) -> [Logged<LoggedHistogram>] {
    try values(tag, .histogram, last: last) { $0.histogram.map { [$0] } ?? [] }
  }

  /// The sounds under a tag, oldest first.
  public func sounds(
    _ tag: String, last: Int = .max
  ) throws(EventFileError) -> [Logged<LoggedAudio>] {
    try values(tag, .audio, last: last, \.sounds)
  }

  /// The tensors under a tag of any kind that stores them, oldest first: precision-recall curves, meshes, those of
  /// other plugins.
  public func tensors(
    _ tag: String, last: Int = .max
  ) throws(EventFileError) -> [Logged<LoggedTensor>] {
    guard let kind = index.entry(tag)?.tag.kind else {
      throw .noSuchTag(tag, kind: "tensor", directory: directory)
    }
    return try values(tag, kind, last: last) { $0.tensor.map { [$0] } ?? [] }
  }

  /// The newest graph of the model; nil if none was written.
  public func graph() throws(EventFileError) -> LoggedGraph? {
    let count = points(Self.graphTag).count
    guard count > 0 else { return nil }
    return try ValueReader(self).graph(at: count - 1)
  }

  /// The tag under which ``tags`` lists the model's graph, which has no tag in the files.
  static let graphTag = "__run_graph__"

  private func values<Value>(
    _ tag: String, _ kind: Tag.Kind, last: Int, _ convert: (SummaryValue) -> [Value]
  ) throws(EventFileError) -> [Logged<Value>] {
    guard let entry = index.entry(tag), entry.tag.kind == kind else {
      throw .noSuchTag(tag, kind: String(kind.name), directory: directory)
    }
    let reader = ValueReader(self)
    var found: [Logged<Value>] = []
    for number in entry.places.indices.suffix(max(0, last)) {
      let place = entry.places[number]
      found += convert(try reader.value(tag, at: number)).map {
        Logged(step: place.step, wallTime: place.wallTime, value: $0)
      }
    }
    return found
  }
}

extension ValueReader {
  /// The graph at `index` of the points of ``Run/graphTag``.
  public func graph(at index: Int) throws(EventFileError) -> LoggedGraph {
    let (place, event) = try event(Run.graphTag, at: index)
    guard case .graph(let bytes) = event.content else { throw changed(place) }
    let graph: LoggedGraph? = bytes.withUnsafeBytes { bytes in
      do throws(WireError) { return try LoggedGraph(decoding: bytes) } catch { return nil }
    }
    return graph ?? LoggedGraph()
  }

  /// The serialised `RunMetadata` at `index` of the tag's points.
  public func runMetadata(_ tag: String, at index: Int) throws(EventFileError) -> [UInt8] {
    let (place, event) = try event(tag, at: index)
    guard case .runMetadata(_, let bytes) = event.content else { throw changed(place) }
    return bytes
  }
}

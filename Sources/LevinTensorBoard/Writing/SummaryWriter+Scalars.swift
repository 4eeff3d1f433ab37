extension SummaryWriter {
  /// How a scalar is written.
  public enum ScalarForm: Sendable {
    /// As a plain number, which PyTorch writes and every reader accepts.
    case simpleValue
    /// As a tensor of rank 0, 18 bytes longer.
    case tensor
  }

  /// Adds a point to the curve `tag`, stored as a 32-bit float.
  ///
  /// - Parameters:
  ///   - wallTime: Seconds since 1970; now if nil.
  ///   - title: Shown in place of the tag.
  ///   - description: Markdown shown beside the curve. TensorBoard takes title and description from a tag's first
  ///     point.
  public func addScalar(
    _ tag: String, _ value: Double, step: Int = 0, wallTime: Double? = nil,
    form: ScalarForm = .simpleValue, title: String? = nil, description: String? = nil
  ) {
    let extra = SummaryMetadata(
      plugin: "scalars", dataClass: .scalar, title: title, description: description)
    switch form {
    case .simpleValue: add(tag, .scalar(Float(value)), extra, step, wallTime)
    case .tensor:
      add(
        tag, .tensor(TensorSummary(shape: nil, values: .floats([Float(value)]))),
        extra ?? SummaryMetadata(plugin: "scalars", dataClass: .scalar), step, wallTime)
    }
  }

  /// Adds a point to several curves in one chart: each goes to its own run, `directory/tag_name`, under the same tag.
  ///
  /// Throws if a run's folder cannot be created.
  public func addScalars(
    _ tag: String, _ values: KeyValuePairs<String, Double>, step: Int = 0, wallTime: Double? = nil
  ) throws {
    for (name, value) in values {
      let prefix = String(
        String.UnicodeScalarView(tag.unicodeScalars.map { $0 == "/" ? "_" : $0 }))
      let writer = try subruns.writer(prefix + "_" + name)
      writer.addScalar(tag, value, step: step, wallTime: wallTime)
    }
  }
}

extension SummaryWriter {
  /// Adds a text, in Markdown, under `tag/text_summary`.
  public func addText(_ tag: String, _ text: String, step: Int = 0, wallTime: Double? = nil) {
    checkTag(tag)
    add(
      tag + "/text_summary",
      .tensor(TensorSummary(shape: [1], values: .strings([Array(text.utf8)]))),
      SummaryMetadata(plugin: "text"), step, wallTime)
  }
}

extension SummaryWriter {
  /// Adds the model's graph.
  public func addGraph(_ graph: GraphSummary, wallTime: Double? = nil) {
    add(.graph(GraphEncoder.encode(graph)), 0, wallTime)
    add(.runMetadata(tag: "step1", GraphEncoder.runMetadata()), 0, wallTime)
  }
}

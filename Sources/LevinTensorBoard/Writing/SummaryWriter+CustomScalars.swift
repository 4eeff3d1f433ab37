extension SummaryWriter {
  /// Sets the charts of the Custom Scalars tab; once per run.
  public func addCustomScalars(_ categories: [ChartCategory], wallTime: Double? = nil) {
    add(
      "custom_scalars__config__",
      .tensor(TensorSummary(shape: [], values: .strings([PluginEncoder.layout(categories)]))),
      SummaryMetadata(plugin: "custom_scalars"), 0, wallTime)
  }
}

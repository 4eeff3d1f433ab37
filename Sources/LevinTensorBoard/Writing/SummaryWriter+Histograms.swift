extension SummaryWriter {
  /// How values are spread, counted by PyTorch's rules.
  ///
  /// Returns whether a value fell into a bucket; where none did (all are NaN, or there are none),
  /// nothing is written.
  @discardableResult
  public func addHistogram(
    _ tag: String, _ values: [Double], step: Int = 0, bins: HistogramBins = .tensorflow,
    maximumBins: Int? = nil, wallTime: Double? = nil
  ) -> Bool {
    guard let histogram = HistogramSummary(values, bins: bins, maximumBins: maximumBins) else {
      return false
    }
    addHistogram(tag, histogram, step: step, wallTime: wallTime)
    return true
  }

  /// A histogram that was counted elsewhere, as it is.
  public func addHistogram(
    _ tag: String, _ histogram: HistogramSummary, step: Int = 0, wallTime: Double? = nil
  ) {
    add(tag, .histogram(histogram), nil, step, wallTime)
  }
}

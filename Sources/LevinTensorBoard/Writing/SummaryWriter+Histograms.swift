extension SummaryWriter {
  /// Adds a histogram of values, counted by PyTorch's rules.
  ///
  /// Returns whether any value fell into a bucket; if none did (all are NaN, or there are none), nothing is written.
  /// Traps for invalid bins: a count or maximum below 1, or edges that are not in ascending order.
  @discardableResult
  public func addHistogram(
    _ tag: String, _ values: [Double], step: Int = 0, bins: HistogramBins = .tensorflow,
    maximumBins: Int? = nil, wallTime: Double? = nil
  ) -> Bool {
    if let flaw = bins.flaw {
      refuse("addHistogram", tag, found: flaw.found, expected: flaw.expected)
    }
    if let maximumBins, maximumBins < 1 {
      refuse("addHistogram", tag, found: "at most \(maximumBins) bins", expected: "at least one")
    }
    guard let histogram = HistogramSummary(values, bins: bins, maximumBins: maximumBins) else {
      return false
    }
    addHistogram(tag, histogram, step: step, wallTime: wallTime)
    return true
  }

  /// Adds a histogram that is already counted.
  ///
  /// Traps unless it has as many limits as counts.
  public func addHistogram(
    _ tag: String, _ histogram: HistogramSummary, step: Int = 0, wallTime: Double? = nil
  ) {
    guard histogram.bucketLimits.count == histogram.bucketCounts.count else {
      refuse(
        "addHistogram", tag,
        found: "\(histogram.bucketLimits.count) limits and \(histogram.bucketCounts.count) counts",
        expected: "a right edge and a count for each bucket")
    }
    add(tag, .histogram(histogram), nil, step, wallTime)
  }
}

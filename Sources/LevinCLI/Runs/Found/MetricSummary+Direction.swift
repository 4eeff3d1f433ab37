extension MetricSummary {
  /// Which values of a metric are better.
  enum Direction {
    case lower, higher

    /// Losses, errors and times are better low; accuracies and everything else high.
    ///
    /// Nil for learning rates and counts of steps, which have no best value. The last part of the tag decides; for a
    /// learning rate any part does (`lr-Adam/group_1`).
    init?(of tag: String) {
      let text = tag.lowercased().utf8
      // The words of the current part of the tag; at the end, those of its last part.
      var words: [Substring] = []
      var start: String.Index?
      func endWord(_ end: String.Index) {
        if let first = start { words.append(Substring(text[first..<end])) }
        start = nil
      }
      for place in text.indices {
        let byte = text[place]
        if MetricSummary.isLetter(byte) || (0x30...0x39).contains(byte) {
          start = start ?? place
          continue
        }
        endWord(place)
        guard byte == UInt8(ascii: "/") else { continue }
        if Self.isLearningRate(words) { return nil }
        words.removeAll(keepingCapacity: true)
      }
      endWord(text.endIndex)
      if Self.isLearningRate(words) { return nil }
      // For a rate, such as samples_per_second, what comes before `per` decides.
      let known = words.prefix { $0 != "per" }
      if known.count == words.count, let last = words.last, Self.counts.contains(last) {
        return nil
      }
      self = known.contains { Self.low.contains($0) || $0.hasSuffix("loss") } ? .lower : .higher
    }

    func isBetter(_ value: Double, than other: Double) -> Bool {
      switch self {
      case .lower: value < other
      case .higher: value > other
      }
    }

    private static func isLearningRate(_ words: [Substring]) -> Bool {
      words.contains("lr") || zip(words, words.dropFirst()).contains { $0 == ("learning", "rate") }
    }

    private static let counts: Set<Substring> = ["epoch", "step", "steps"]

    private static let low: Set<Substring> = [
      "error", "err", "mse", "mae", "rmse", "mape", "nll", "ppl", "perplexity", "divergence", "kl",
      "wer", "cer", "fid", "time", "runtime", "latency", "duration", "elapsed", "seconds",
      "distance",
      "bce", "ce", "entropy", "brier",
    ]
  }

  /// Whether a UTF-8 byte belongs to a letter; every non-ASCII byte counts as one.
  static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
  }
}

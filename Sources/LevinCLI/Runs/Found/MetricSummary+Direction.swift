extension MetricSummary {
  /// Which values of a metric are better.
  enum Direction {
    case lower, higher

    /// Losses, errors and times are better low; accuracies and all else high.
    ///
    /// Nil for learning rates and counts of steps, of which no value is best.
    /// Told by the last part of the tag; a learning rate by any (`lr-Adam/group_1`).
    init?(of tag: String) {
      let parts = tag.lowercased().utf8.split(separator: UInt8(ascii: "/")).map(Self.words)
      let last = parts.last ?? []
      // For a rate, such as samples_per_second, the part before it decides.
      let words = last.prefix { $0 != "per" }
      let isCount = words.count == last.count && Self.counts.contains(last.last ?? "")
      if isCount || parts.contains(where: Self.isLearningRate) { return nil }
      let isLow = words.contains { Self.low.contains($0) || $0.hasSuffix("loss") }
      self = isLow ? .lower : .higher
    }

    func isBetter(_ value: Double, than other: Double) -> Bool {
      switch self {
      case .lower: value < other
      case .higher: value > other
      }
    }

    /// The words of letters and digits; on bytes, because there are many tags.
    private static func words(_ text: Substring.UTF8View) -> [Substring] {
      text.split { !MetricSummary.isLetter($0) && !(0x30...0x39).contains($0) }.map {
        Substring($0)
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

  /// Whether a byte of UTF-8 belongs to a letter; all that is not ASCII is taken for one.
  static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
  }
}

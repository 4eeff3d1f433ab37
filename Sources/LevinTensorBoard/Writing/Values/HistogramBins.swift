/// How values are counted into a histogram's buckets.
public enum HistogramBins: Sendable, Hashable {
  /// The edges that TensorFlow and PyTorch use: ±1e-12, each a tenth larger than the one before, up to 1e20.
  case tensorflow
  /// Buckets of equal width, as many as the larger of the rules of Sturges and of Freedman and Diaconis gives
  /// (numpy's "auto").
  case automatic
  /// This many buckets of equal width from the least value to the largest.
  case count(Int)
  /// These edges, in ascending order.
  case edges([Double])

  /// What is wrong with the bins and what is expected; nil if they are valid.
  var flaw: (found: String, expected: String)? {
    switch self {
    case .tensorflow, .automatic: return nil
    case .count(let count):
      return count > 0 ? nil : ("\(count) bins", "at least one")
    case .edges(let edges):
      let isRising = zip(edges, edges.dropFirst()).allSatisfy { $0 <= $1 }
      return isRising && edges.count > 1 && !edges[0].isNaN
        ? nil : ("the edges \(edges)", "two or more, rising")
    }
  }
}

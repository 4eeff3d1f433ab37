/// How values are counted into a histogram's buckets.
public enum HistogramBins: Sendable, Hashable {
  /// The edges that TensorFlow and PyTorch use: ±1e-12 growing by a tenth each up to 1e20.
  case tensorflow
  /// As many buckets of equal width as the larger of Sturges' and Freedman and Diaconis' rules says
  /// (numpy's "auto").
  case automatic
  /// This many buckets of equal width from the least value to the largest.
  case count(Int)
  /// These edges, rising.
  case edges([Double])

  /// What is wrong with them, and what is expected; nil if nothing is.
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

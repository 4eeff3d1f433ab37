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
}

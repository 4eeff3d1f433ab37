/// How the logged values of an epoch are combined into one.
public enum MetricReduction: String, Sendable {
  /// The mean, weighted by batch size.
  case mean
  case sum, min, max
}

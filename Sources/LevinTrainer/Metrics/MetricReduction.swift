/// How logged values of an epoch become one.
public enum MetricReduction: String, Sendable {
  /// The mean, weighted by batch size.
  case mean
  case sum, min, max
}

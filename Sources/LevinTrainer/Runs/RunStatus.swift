/// The status of a run or of one of its stretches.
public enum RunStatus: String, Sendable, Codable {
  case running, finished, interrupted, failed
  /// The process ended without notice; a later stretch found that out.
  case died
}

/// The status of a run, or of a stretch of it.
public enum RunStatus: String, Sendable, Codable {
  case running, finished, interrupted, failed
  /// Its process ended without notice; a later stretch found that out.
  case died
}

/// How a run, or a stretch of it, stands.
public enum RunStatus: String, Sendable, Codable {
  case running, finished, interrupted, failed
  /// Its process ended without a word; a later stretch found that out.
  case died
}

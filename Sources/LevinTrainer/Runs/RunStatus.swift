/// How a run stands.
public enum RunStatus: String, Sendable, Codable { case running, finished, interrupted, failed }

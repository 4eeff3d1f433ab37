/// What the trainer is running.
public enum Stage: String, Sendable, Codable { case fit, validate, test, predict }

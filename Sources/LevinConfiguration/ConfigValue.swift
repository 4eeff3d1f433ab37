/// A tree of configuration values that keeps the order of its keys; options, YAML, help and hparams.yaml all use it.
public indirect enum ConfigValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int)
  case float(Double)
  case string(String)
  case array([ConfigValue])
  case object([Member])

  /// One key of an object with its value.
  public struct Member: Sendable, Hashable {
    /// The name, in snake_case.
    public var key: String
    /// The value.
    public var value: ConfigValue
    /// A key with its value.
    public init(_ key: String, _ value: ConfigValue) {
      self.key = key
      self.value = value
    }
  }
}

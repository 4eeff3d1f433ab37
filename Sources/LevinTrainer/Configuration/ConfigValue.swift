/// A tree of configuration values with the order of its keys kept: the one form behind options, YAML, help and hparams.yaml.
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
    public var key: String
    public var value: ConfigValue
    public init(_ key: String, _ value: ConfigValue) {
      self.key = key
      self.value = value
    }
  }
}

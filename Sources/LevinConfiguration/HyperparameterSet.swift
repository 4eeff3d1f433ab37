/// Hyperparameters: a plain struct whose stored properties have defaults.
public protocol HyperparameterSet: Codable, Sendable {
  init()
  /// Throws for values that make no sense, preferably a ``ConfigError``.
  func validate() throws
  /// One sentence about each value for `--help`, by its name in snake_case.
  static var help: [String: String] { get }
  /// Names, in snake_case, of values that are settings rather than hyperparameters, because they do not affect what
  /// is learnt: folders, addresses, numbers of workers.
  ///
  /// The command line and `hparams.yaml` treat them like all others; TensorBoard's HParams tab leaves them out.
  static var settings: Set<String> { get }
}

extension HyperparameterSet {
  /// Creates the defaults with changes.
  ///
  ///     var options = Adam.Options { $0.weightDecay = 1e-2 }
  public init(_ change: (inout Self) -> Void) {
    self.init()
    change(&self)
  }

  /// Accepts all values.
  public func validate() throws {}

  /// Throws ``ConfigError`` if `value` is below `least` or not finite; `key` is the name on the command line,
  /// such as `data.batch_size`.
  public func require<Value: Comparable>(_ key: String, _ value: Value, atLeast least: Value) throws
  {
    let isFinite = (value as? any FloatingPoint)?.isFinite ?? true
    guard value < least || !isFinite else { return }
    throw ConfigError(
      "\(key): found \(value); expected \(isFinite ? "" : "a finite number, ")\(least) or more",
      key: key)
  }

  /// Throws ``ConfigError`` unless `value` is in a range; `key` is the name on the command line.
  public func require<Value: Comparable>(
    _ key: String, _ value: Value, in range: ClosedRange<Value>
  )
    throws
  {
    guard range.contains(value) else {
      throw ConfigError(
        "\(key): found \(value); expected \(range.lowerBound) to \(range.upperBound)", key: key)
    }
  }

  /// No help texts.
  public static var help: [String: String] { [:] }
  /// All values are hyperparameters.
  public static var settings: Set<String> { [] }

  /// ``settings``; throws ``ConfigError`` if one of them is not the name of a value.
  package static func checkedSettings() throws -> Set<String> {
    let names = ConfigSchema(of: Self.self).defaults.members.map(\.key)
    for setting in settings.sorted() where !names.contains(setting) {
      throw ConfigError(
        "\(Self.self).settings: found '\(setting)'; expected one of \(names.joined(separator: ", "))"
      )
    }
    return settings
  }
}

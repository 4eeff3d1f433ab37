public import LevinConfiguration
internal import LevinSystem

/// A scheduler with options of type `Options`, which are hyperparameters like any other.
open class TypedScheduler<Options: HyperparameterSet>: LearningRateScheduler {
  /// The options.
  public final let options: Options

  /// Creates a scheduler and sets the initial rates.
  ///
  /// Traps if an option is out of range.
  public init(_ optimizer: Optimizer, _ options: Options) {
    self.options = options
    do { try options.validate() } catch { fail("\(Self.self)", "\(error)") }
    super.init(optimizer)
  }
}

extension HyperparameterSet {
  /// Throws ``ConfigError`` unless `value` is in a range.
  func require<Value: Comparable>(_ key: String, _ value: Value, in range: ClosedRange<Value>)
    throws
  {
    guard range.contains(value) else {
      throw ConfigError(
        "\(key): found \(value); expected \(range.lowerBound) to \(range.upperBound)", key: key)
    }
  }
}

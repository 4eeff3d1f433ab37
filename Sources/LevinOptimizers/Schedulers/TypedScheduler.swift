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

public import LevinConfiguration
internal import LevinSystem

/// A callback with options of type `Options`, which are hyperparameters like any other.
///
/// The options can be read as if they were properties of the callback: `stopping.patience`.
@dynamicMemberLookup
open class TypedCallback<Options: HyperparameterSet>: Callback {
  /// The options.
  public final let options: Options

  /// Creates a callback.
  ///
  /// Traps if an option is out of range.
  public init(_ options: Options) {
    self.options = options
    do { try options.validate() } catch { fail("\(Self.self)", "\(error)") }
    super.init()
  }

  /// One of the options.
  public final subscript<Value>(dynamicMember option: KeyPath<Options, Value>) -> Value {
    options[keyPath: option]
  }
}

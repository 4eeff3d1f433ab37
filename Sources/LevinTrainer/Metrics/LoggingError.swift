/// A wrong call of `log`; the trainer throws it as soon as the hook returns.
public struct LoggingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the call.
  public enum Problem: Hashable, Sendable {
    /// `log` was called in a hook in which nothing can be logged.
    case notAllowed
    /// `onStep` or `onEpoch: false` was given in a hook that has no step.
    case epochOnly
    /// `onStep: false, onEpoch: false` was given.
    case neitherStepNorEpoch
    /// The same name was logged twice in one hook with different arguments.
    case differentArguments
    /// The tensor does not have exactly one element.
    case notScalar(shape: String)
    /// The name is reserved by the trainer.
    case reservedName
    /// The name is `epoch`, which the trainer logs with all other metrics.
    case reservedEpoch
    /// The name is empty.
    case emptyName
  }
  /// The name of the metric.
  public let name: String
  /// The hook, as written in Swift.
  public let hook: String
  /// What is wrong with the call.
  public let problem: Problem

  /// What was called where, and what to do.
  public var description: String {
    switch problem {
    case .notAllowed:
      "log(\"\(name)\") in \(hook): nothing can be logged there. "
        + "Log in a step, a batch hook or an epoch hook."
    case .epochOnly:
      "log(\"\(name)\") in \(hook): the hook runs once per epoch, so the value is the epoch's. "
        + "Leave out onStep and onEpoch."
    case .neitherStepNorEpoch:
      "log(\"\(name)\", onStep: false, onEpoch: false) in \(hook) would log nothing. "
        + "Set one of them to true."
    case .differentArguments:
      "log(\"\(name)\") was called twice in \(hook) with different arguments. "
        + "Give both calls the same arguments, or two names."
    case .notScalar(let shape):
      "log(\"\(name)\") in \(hook): found a tensor of shape \(shape), expected one element. "
        + "Reduce it first, for example with mean()."
    case .reservedName:
      "log(\"\(name)\") in \(hook): names with '/dataloader_idx_' are reserved for several loaders. "
        + "Choose another name."
    case .reservedEpoch:
      "log(\"epoch\") in \(hook): the trainer logs the epoch itself. Leave the call out, or choose another name."
    case .emptyName:
      "log(\"\") in \(hook): found an empty name. "
        + "Give the metric a name, such as train/loss."
    }
  }
}

extension LoggingError.Problem {
  /// The problem with the name of a metric; nil if it is allowed.
  init?(ofName name: String) {
    if name.isEmpty {
      self = .emptyName
    } else if name == "epoch" {
      self = .reservedEpoch
    } else if name.contains("/dataloader_idx_") {
      self = .reservedName
    } else {
      return nil
    }
  }
}

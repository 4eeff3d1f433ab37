/// An optimizer state, for instance from a checkpoint, that does not match the optimizer.
public struct OptimizerStateError: Error, CustomStringConvertible {
  /// What does not match.
  public let description: String
}

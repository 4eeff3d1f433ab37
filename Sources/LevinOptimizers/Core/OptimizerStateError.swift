/// The optimizer state of a checkpoint does not match.
public struct OptimizerStateError: Error, CustomStringConvertible {
  /// What is wrong.
  public let description: String
}

/// A checkpoint's optimizer state that does not fit.
public struct OptimizerStateError: Error, CustomStringConvertible {
  /// What does not fit.
  public let description: String
}

/// A program around a training.
public enum Program {
  /// Runs `body`; prints an error as one clear message and exits with 1; turns an interruption into its exit status.
  public static func run(_ body: () async throws -> Void) async { fatalError("skeleton") }
}

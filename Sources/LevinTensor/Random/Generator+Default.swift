extension Generator {
  // One for the process, as in PyTorch; whoever draws from several threads at once gives each its own generator.
  nonisolated(unsafe) private static let shared = Generator(
    seed: UInt64(SystemRandomNumberGenerator().nextSeed()))

  /// The generator that is used where none is given.
  ///
  /// It starts from entropy, as PyTorch's does. Not for concurrent use.
  public static var `default`: Generator { shared }
}

extension SystemRandomNumberGenerator {
  fileprivate func nextSeed() -> UInt32 {
    var generator = self
    return generator.next()
  }
}

/// Makes everything random that follows repeatable: equals `torch.manual_seed(seed)`.
public func seedEverything(_ seed: UInt64) { Generator.default.seed(seed) }

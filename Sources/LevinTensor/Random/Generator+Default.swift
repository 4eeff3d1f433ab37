extension Generator {
  // One for the process, as in PyTorch; code that draws from several threads at once gives each its own generator.
  nonisolated(unsafe) private static let shared = Generator(
    seed: UInt64(SystemRandomNumberGenerator().nextSeed()))

  /// The generator that is used by default.
  ///
  /// It is seeded from entropy, as PyTorch's is. Not for concurrent use.
  public static var `default`: Generator { shared }
}

extension SystemRandomNumberGenerator {
  fileprivate func nextSeed() -> UInt32 {
    var generator = self
    return generator.next()
  }
}

/// Seeds the default generator, so that all later random numbers are reproducible (PyTorch's `torch.manual_seed`).
public func seedEverything(_ seed: UInt64) { Generator.default.seed(seed) }

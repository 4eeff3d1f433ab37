/// PyTorch's CPU random number generator: MT19937, with PyTorch's own way of drawing from it.
public final class Generator {
  /// The seed it was last given.
  public private(set) var initialSeed: UInt64

  /// A generator in the state that `torch.Generator().manual_seed(seed)` has.
  public init(seed: UInt64) { initialSeed = seed }

  /// Starts over from `seed`.
  public func seed(_ seed: UInt64) { initialSeed = seed }
  /// The next 32 random bits.
  public func random32() -> UInt32 { fatalError("skeleton") }
  /// The next 64 random bits: two draws, the first one on top.
  public func random64() -> UInt64 { fatalError("skeleton") }
  /// A permutation of `0..<count`, equal to `torch.randperm(count, generator:)`.
  public func permutation(_ count: Int) -> [Int] { fatalError("skeleton") }
  /// The whole state, to be put back later by ``restore(_:)``.
  public var state: [UInt8] { fatalError("skeleton") }
  /// Puts back a state taken from ``state``; throws when the bytes are no such state.
  public func restore(_ state: [UInt8]) throws { fatalError("skeleton") }
}

extension Generator {
  /// The generator that is used where none is given. Starts from entropy, as PyTorch's does.
  public static var `default`: Generator { fatalError("skeleton") }
}

/// Makes everything random that follows repeatable: equals `torch.manual_seed(seed)`.
public func seedEverything(_ seed: UInt64) { Generator.default.seed(seed) }

public import LevinTensor

/// The random numbers of one sample in one pass.
///
/// They depend only on the pass's seed and the sample's index, never on the thread that decodes the sample or on the
/// samples decoded before: SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). With
/// ``RandomDraws/torch`` they are those of PyTorch's default generator instead, in the order in which a loader without
/// workers draws them.
///
/// Each method draws what its counterpart in PyTorch draws, so transforms need no other source.
public struct SampleGenerator: RandomNumberGenerator {
  private var state: UInt64
  private let torch: LevinTensor.Generator?

  /// Creates the generator of sample `index` in the pass with seed `seed`.
  public init(seed: UInt64, sample index: Int) {
    // One step from the seed, then one from the sample, so that neighbouring seeds and samples differ.
    state = seed
    torch = nil
    state = next() ^ UInt64(bitPattern: Int64(index))
    state = next()
  }

  /// Creates a generator that draws from `torch`, for results that are compared with PyTorch's.
  public init(drawingFrom torch: LevinTensor.Generator) {
    self.torch = torch
    state = 0
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    if let torch { return torch.random64() }
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number in 0..<1 with 24 random bits (`torch.rand(1)`).
  public mutating func unit() -> Float {
    torch?.uniformFloat() ?? Float(next() >> 40) * 0x1p-24
  }

  /// A number from `range`, uniformly distributed, without the upper bound except by rounding (`uniform_`).
  public mutating func uniform(_ range: Range<Float> = 0..<1) -> Float {
    uniform(from: range.lowerBound, to: range.upperBound)
  }

  /// A number between two others, which may be equal (`uniform_`).
  public mutating func uniform(from low: Float, to high: Float) -> Float {
    // torch fuses the product and the sum.
    torch.map { low.addingProduct($0.uniformFloat(), high - low) } ?? low + unit() * (high - low)
  }

  /// A number in 0..<1 with 53 random bits (`torch.rand(1, dtype=torch.float64)`).
  public mutating func unitDouble() -> Double {
    torch?.uniformDouble() ?? Double(next() >> 11) * 0x1p-53
  }

  /// A whole number from `range`, which must not be empty (`torch.randint`).
  public mutating func integer(in range: Range<Int>) -> Int {
    if let torch { return range.lowerBound + torch.integer(below: range.count) }
    return Int.random(in: range, using: &self)
  }

  /// A permutation of `0..<count` (`torch.randperm`).
  public mutating func permutation(_ count: Int) -> [Int] {
    torch?.permutation(count) ?? (0..<count).shuffled(using: &self)
  }

  /// A number of the standard normal distribution (`torch.randn`, for fewer than 16 of them).
  public mutating func normal() -> Double {
    if let torch { return torch.normal() }
    return LevinTensor.Generator.normalPair(unitDouble(), unitDouble()).0
  }

  /// `count` numbers of the standard normal distribution (`torch.randn(count)`).
  public mutating func normals(_ count: Int) -> [Float] {
    if let torch { return Tensor.randn([count], generator: torch).scalars(as: Float.self) }
    return (0..<count).map { _ in Float(normal()) }
  }
}

/// Where the random numbers of augmentation come from.
public enum RandomDraws: String, Sendable, Hashable, Codable, CaseIterable {
  /// From the seed of the pass and the sample's index: the same with any number of workers.
  case perSample = "per_sample"
  /// From the default generator, in the order of PyTorch's loader without workers: the same images as PyTorch's, with
  /// `workerCount: 0` only.
  case torch
}

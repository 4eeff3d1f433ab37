/// The random numbers of one sample in one pass.
///
/// They depend only on the pass's seed and the sample's index, never on the thread that decodes the sample or on the
/// samples decoded before. SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
public struct SampleGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates the generator of sample `index` in the pass with seed `seed`.
  public init(seed: UInt64, sample index: Int) {
    // One step from the seed, then one from the sample, so that neighbouring seeds and samples differ.
    state = seed
    state = next() ^ UInt64(bitPattern: Int64(index))
    state = next()
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number from `range`, uniformly distributed, without the upper bound.
  public mutating func uniform(_ range: Range<Float> = 0..<1) -> Float {
    let unit = Float(next() >> 40) * 0x1p-24
    return range.lowerBound + unit * (range.upperBound - range.lowerBound)
  }
}

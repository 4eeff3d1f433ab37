/// PyTorch's CPU random number generator: MT19937 (Matsumoto and Nishimura 1998), with PyTorch's methods of drawing.
public final class Generator {
  private static let length = 624
  private static let middle = 397

  /// The seed that it was last given.
  public private(set) var initialSeed: UInt64
  private var words = [UInt32](repeating: 0, count: length)
  private var next = length
  /// The second normal number of the last pair, if it is unused.
  var keptNormal: Double?

  /// Creates a generator in the state of `torch.Generator().manual_seed(seed)`.
  public init(seed: UInt64) {
    initialSeed = seed
    self.seed(seed)
  }

  /// Starts over from `seed`, of which the low 32 bits are used.
  public func seed(_ seed: UInt64) {
    initialSeed = seed
    words[0] = UInt32(truncatingIfNeeded: seed)
    for i in 1..<Self.length {
      words[i] = 1_812_433_253 &* (words[i - 1] ^ (words[i - 1] >> 30)) &+ UInt32(i)
    }
    next = Self.length
    keptNormal = nil
  }

  /// Calls `body` with the words and the index of the next one, from which it may draw.
  func withWords(_ body: (UnsafeMutablePointer<UInt32>, inout Int) -> Void) {
    words.withUnsafeMutableBufferPointer { words in
      // There are always 624.
      body(words.baseAddress!, &next)
    }
  }

  private func twist() {
    words.withUnsafeMutableBufferPointer { words in
      for i in 0..<Self.length {
        let following = words[i + 1 == Self.length ? 0 : i + 1]
        let mixed = (words[i] & 0x8000_0000) | (following & 0x7fff_ffff)
        let partner = words[
          i + Self.middle < Self.length ? i + Self.middle : i + Self.middle - Self.length]
        words[i] = partner ^ (mixed >> 1) ^ (following & 1 == 1 ? 0x9908_b0df : 0)
      }
    }
    next = 0
  }

  /// The next 32 random bits.
  public func random32() -> UInt32 {
    if next == Self.length { twist() }
    var word = words[next]
    next += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return word ^ (word >> 18)
  }

  /// The next 64 random bits: two draws, the first in the high bits.
  public func random64() -> UInt64 {
    let high = UInt64(random32())
    return high << 32 | UInt64(random32())
  }

  /// A number in 0..<1 with 24 random bits, as `torch.rand` draws a float32.
  public func uniformFloat() -> Float { Float(random32() & 0xff_ffff) * 0x1p-24 }

  /// A number in 0..<1 with 53 random bits, as `torch.rand` draws a float64.
  public func uniformDouble() -> Double { Double(random64() & (1 << 53 - 1)) * 0x1p-53 }

  /// A number in `0..<bound`, as `torch.randint` draws it.
  package func integer(below bound: Int) -> Int {
    bound < 1 << 28 ? Int(random32()) % bound : Int(random64() % UInt64(bound))
  }

  /// A permutation of `0..<count`, equal to `torch.randperm(count, generator:)`; `count` must be below 2³²/20.
  public func permutation(_ count: Int) -> [Int] {
    var result = Array(0..<count)
    result.withUnsafeMutableBufferPointer { result in
      for i in 0..<Swift.max(count - 1, 0) {
        result.swapAt(i, i + Int(random32()) % (count - i))
      }
    }
    return result
  }

  /// The complete state, for ``restore(_:)``.
  public var state: [UInt8] {
    var bytes: [UInt8] = []
    func append(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    append(initialSeed)
    append(UInt32(next))
    for word in words { append(word) }
    if let keptNormal { append(keptNormal.bitPattern) }
    return bytes
  }

  /// Restores a state taken from ``state``; throws if the bytes are not such a state.
  public func restore(_ state: [UInt8]) throws {
    let kept = state.count == 20 + 4 * Self.length
    guard kept || state.count == 12 + 4 * Self.length else {
      throw GeneratorStateError(found: state.count, expected: 12 + 4 * Self.length)
    }
    func word(at offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(state[offset + $1]) << (8 * $1) }
    }
    let position = Int(word(at: 8))
    guard position <= Self.length else {
      throw GeneratorStateError(found: position, expected: Self.length)
    }
    initialSeed = UInt64(word(at: 0)) | UInt64(word(at: 4)) << 32
    next = position
    words = (0..<Self.length).map { word(at: 12 + 4 * $0) }
    let end = 12 + 4 * Self.length
    keptNormal =
      kept ? Double(bitPattern: UInt64(word(at: end)) | UInt64(word(at: end + 4)) << 32) : nil
  }
}

/// Bytes are not the state of a generator.
public struct GeneratorStateError: Error, CustomStringConvertible {
  let found: Int
  let expected: Int
  /// The kind of damage.
  public var description: String {
    "the state of a random number generator has \(expected) bytes or fewer draws; found \(found)"
  }
}

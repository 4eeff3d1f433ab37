internal import CLevinKernels

/// Random numbers of a generator, written to the host's memory.
extension Kernels {
  /// `low + width · u` with u in 0..<1, float32.
  static func uniform(
    _ generator: Generator, _ low: Float, _ width: Float,
    into numbers: UnsafeMutableBufferPointer<Float>
  ) {
    guard let out = numbers.baseAddress else { return }
    withTwister(generator) { levin_random_uniform(&$0, numbers.count, low, width, out) }
  }

  /// At least 16 normal numbers, float32.
  static func normal(
    _ generator: Generator, mean: Float, deviation: Float,
    into numbers: UnsafeMutableBufferPointer<Float>
  ) {
    guard let out = numbers.baseAddress else { return }
    withTwister(generator) { levin_random_normal(&$0, numbers.count, mean, deviation, out) }
  }

  /// The integers from 0 on in random order, int64.
  static func permutation(_ generator: Generator, into numbers: UnsafeMutableBufferPointer<Int64>) {
    guard let out = numbers.baseAddress else { return }
    withTwister(generator) { levin_random_permutation(&$0, numbers.count, out) }
  }

  private static func withTwister(_ generator: Generator, _ body: (inout LevinTwister) -> Void) {
    generator.withWords { words, next in
      var twister = LevinTwister(words: words, next: Int32(next))
      body(&twister)
      next = Int(twister.next)
    }
  }
}

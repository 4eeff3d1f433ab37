internal import CLevinKernels

/// Random numbers of a generator, drawn into contiguous results.
extension Kernels {
  /// `low + width · u` with u in 0..<1, float32.
  static func uniform(_ generator: Generator, _ low: Float, _ width: Float, into result: Tensor) {
    let (count, out) = (result.elementCount, result.elements(Float.self))
    withTwister(generator) { levin_random_uniform(&$0, count, low, width, out) }
  }

  /// At least 16 normal numbers, float32.
  static func normal(
    _ generator: Generator, mean: Float, deviation: Float, into result: Tensor
  ) {
    let (count, out) = (result.elementCount, result.elements(Float.self))
    withTwister(generator) { levin_random_normal(&$0, count, mean, deviation, out) }
  }

  /// The integers from 0 on in random order, int64.
  static func permutation(_ generator: Generator, into result: Tensor) {
    let (count, out) = (result.elementCount, result.elements(Int64.self))
    withTwister(generator) { levin_random_permutation(&$0, count, out) }
  }

  private static func withTwister(_ generator: Generator, _ body: (inout LevinTwister) -> Void) {
    generator.withWords { words, next in
      var twister = LevinTwister(words: words, next: Int32(next))
      body(&twister)
      next = Int(twister.next)
    }
  }
}

internal import Foundation
internal import LevinData

/// Functions in the precision in which torch computes a random transform's parameters.
extension Float {
  var logarithm: Float { Float(log(Double(self))) }
  var exponential: Float { Float(exp(Double(self))) }
}

extension SampleGenerator {
  /// A number of the exponential distribution with rate 1, in single precision (`exponential_`).
  mutating func exponential() -> Float { Float(-log1p(-unitDouble())) }
}

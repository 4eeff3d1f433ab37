internal import Foundation

/// The mathematical functions that the Box–Muller method needs.
extension Double {
  var naturalLogarithm: Double { log(self) }
  var sineAndCosine: (sine: Double, cosine: Double) { (sin(self), cos(self)) }
}

extension Generator {
  /// A normal number with mean 0 and standard deviation 1; they are drawn in pairs, and the second one is kept for
  /// the next call.
  package func normal() -> Double {
    if let kept = keptNormal.take() { return kept }
    let (first, second) = Self.normalPair(uniformDouble(), uniformDouble())
    keptNormal = second
    return first
  }

  /// Two independent normal numbers made of two uniform ones (Box and Muller 1958).
  package static func normalPair(_ first: Double, _ second: Double) -> (Double, Double) {
    let radius = (-2 * log1p(-second)).squareRoot()
    let angle = 2 * Double.pi * first
    return (radius * cos(angle), radius * sin(angle))
  }
}

extension Double {
  /// e to this power.
  var exponential: Double { exp(self) }
}

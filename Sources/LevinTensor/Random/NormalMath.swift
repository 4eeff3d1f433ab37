internal import Foundation

/// The mathematical functions that the Box–Muller method needs.
extension Double {
  var naturalLogarithm: Double { log(self) }
  var sineAndCosine: (sine: Double, cosine: Double) { (sin(self), cos(self)) }
}

extension Generator {
  /// A normal number with mean 0 and standard deviation 1; they are drawn in pairs, and the second one is kept for
  /// the next call.
  func normal() -> Double {
    if let kept = keptNormal.take() { return kept }
    let (first, second) = (uniformDouble(), uniformDouble())
    let radius = (-2 * log1p(-second)).squareRoot()
    let angle = 2 * Double.pi * first
    keptNormal = radius * sin(angle)
    return radius * cos(angle)
  }
}

extension Double {
  /// e to this power.
  var exponential: Double { exp(self) }
}

internal import CLevinKernels

// Rounding to whole numbers or decimals.

extension Tensor {
  /// The largest integer that is not above the element.
  public func floor() -> Tensor { step(.floor, "floor()") }
  /// The smallest integer that is not below the element.
  public func ceil() -> Tensor { step(.ceil, "ceil()") }
  /// The element rounded towards zero.
  public func trunc() -> Tensor { step(.trunc, "trunc()") }

  /// The nearest integer, ties to even; with `decimals`, the nearest multiple of 10 to the power of −decimals.
  public func round(decimals: Int = 0) -> Tensor {
    composed("round(decimals:)", [self], [.init("decimals", .int(decimals))]) {
      guard decimals != 0, dtype.isFloatingPoint else { return step(.round, "round(decimals:)") }
      let factor = Double.power(10, Swift.abs(decimals))
      let rounded = withoutGradients {
        decimals > 0
          ? (self * factor).round() / factor
          : (self / factor).round() * factor
      }
      return withZeroGradient(rounded, "round(decimals:)")
    }
  }

  /// The fractional part, with the sign of the element.
  public func frac() -> Tensor {
    composed("frac()", [self]) {
      ShapeChecks.isFloatingPoint(self, for: "frac()")
      return self - trunc()
    }
  }
}

extension Double {
  /// `base` to the power of `exponent`, exact if the result can be.
  fileprivate static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}

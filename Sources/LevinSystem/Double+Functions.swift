internal import LevinLibC

/// Functions of the C library, for files that do not import one.
extension Double {
  /// The logarithm to base 2.
  package var logarithm2: Double { log2(self) }
  /// The largest power of ten that does not exceed a positive number.
  package var powerOfTen: Double { pow(10, log10(self).rounded(.down)) }
  /// The cube root.
  package var cubeRoot: Double { pow(self, 1.0 / 3) }
  /// The sine of an angle in radians.
  package var sine: Double { sin(self) }
  /// The cosine of an angle in radians.
  package var cosine: Double { cos(self) }
  /// The angle in radians whose tangent is this number.
  package var arcTangent: Double { atan(self) }
  /// This number to a power.
  package func raised(to exponent: Double) -> Double { pow(self, exponent) }
}

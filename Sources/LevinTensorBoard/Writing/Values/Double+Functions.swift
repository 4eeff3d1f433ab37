import Foundation

extension Double {
  /// The logarithm to base 2.
  var logarithm2: Double { log2(self) }
  /// The cube root.
  var cubeRoot: Double { pow(self, 1.0 / 3) }
}

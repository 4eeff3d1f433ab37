import Foundation

extension Double {
  /// log₂
  var logarithm2: Double { log2(self) }
  /// ∛
  var cubeRoot: Double { pow(self, 1.0 / 3) }
}

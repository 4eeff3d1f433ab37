internal import Foundation
internal import LevinTensor

extension Generator {
  /// A number of the distribution Beta(alpha, alpha), with the bits of `torch.distributions.Beta`.
  func beta(_ alpha: Double) -> Float {
    let first = gamma(alpha)
    let second = gamma(alpha)
    return min(max(Float(first / (first + second)), .leastNormalMagnitude), 1 - 0x1p-24)
  }

  /// A number of the Gamma distribution (Marsaglia and Tsang 2000), in double precision but with torch's constants of
  /// single precision.
  private func gamma(_ alpha: Double) -> Double {
    var (alpha, scale) = (alpha, 1.0)
    if alpha < 1 {
      scale = pow(1 - uniformDouble(), 1 / alpha)
      alpha += 1
    }
    let d = alpha - Double(Float(1) / 3)
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let y = 1 + c * x
      guard y > 0 else { continue }
      let v = y * y * y
      let u = 1 - uniformDouble()
      let square = x * x
      if u < 1 - Double(Float(0.0331)) * square * square { return scale * d * v }
      if log(u) < 0.5 * square + d * (1 - v + log(v)) { return scale * d * v }
    }
  }
}

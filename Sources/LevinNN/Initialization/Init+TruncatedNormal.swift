internal import Foundation
internal import LevinSystem
public import LevinTensor

extension Init {
  /// Normal numbers in `low…high`: numbers outside are drawn again.
  ///
  /// If the range covers little of the distribution, uniform numbers are drawn instead and accepted in proportion to
  /// the density (von Neumann 1951), as in PyTorch.
  public static func truncatedNormal(
    _ shape: Shape, mean: Double = 0, deviation: Double = 1, _ low: Double = -2,
    _ high: Double = 2, generator: Generator = .default
  ) -> Tensor {
    guard deviation > 0, low < high else {
      fail(
        "Init.truncatedNormal", "deviation \(deviation) and range \(low) to \(high)",
        expected: "a deviation above 0 and a range that is not empty")
    }
    if isSkipping { return .zeros(shape) }
    func distribution(_ x: Double) -> Double {
      (1 + erf((x - mean) / deviation / 2.0.squareRoot())) / 2
    }
    return distribution(high) - distribution(low) > 0.3
      ? drawnAgain(shape, mean, deviation, low, high, generator)
      : drawnByDensity(shape, mean, deviation, low, high, generator)
  }

  private static func drawnAgain(
    _ shape: Shape, _ mean: Double, _ deviation: Double, _ low: Double, _ high: Double,
    _ generator: Generator
  ) -> Tensor {
    func draw() -> Tensor { normal(shape, mean: mean, deviation: deviation, generator: generator) }
    var result = draw()
    while true {
      let isOutside = (result .< low) .| (result .> high)
      if isOutside.any().item() == 0 { return result }
      result = Tensor.where(isOutside, draw(), result)
    }
  }

  private static func drawnByDensity(
    _ shape: Shape, _ mean: Double, _ deviation: Double, _ low: Double, _ high: Double,
    _ generator: Generator
  ) -> Tensor {
    let peak = (max(low, min(mean, high)) - mean) / deviation
    var result = Tensor.zeros(shape)
    var isPending = Tensor.ones(shape, dtype: .bool)
    repeat {
      let candidates = uniform(shape, low, high, generator: generator)
      result = Tensor.where(isPending, candidates, result)
      let density = ((candidates - mean) / deviation).squared() * -0.5 + 0.5 * peak * peak
      let isRefused = uniform(shape, generator: generator).log() .> density
      isPending = isPending .& isRefused
    } while isPending.any().item() != 0
    return result
  }
}

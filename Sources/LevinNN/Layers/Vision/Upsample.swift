public import LevinTensor

/// Resizes the last dimensions of `[batch, channels, …]` to a size or by factors.
public final class Upsample: Layer {
  private enum Goal {
    case size([Int])
    case factors([Double], recomputed: Bool)
  }
  private let goal: Goal
  /// How values between elements are computed.
  public let mode: Tensor.InterpolationMode
  /// Whether the centers of the outermost elements, rather than their edges, stay at the borders.
  public let alignCorners: Bool

  /// Resizes to sizes of the dimensions from the third on; a single size applies to all of them.
  public init(
    size: [Int], mode: Tensor.InterpolationMode = .nearest, alignCorners: Bool = false
  ) {
    goal = .size(size)
    self.mode = mode
    self.alignCorners = alignCorners
  }

  /// Resizes by factors of the dimensions from the third on; a single factor applies to all of them.
  public init(
    scaleFactor: [Double], mode: Tensor.InterpolationMode = .nearest, alignCorners: Bool = false,
    recomputesScaleFactor: Bool = false
  ) {
    goal = .factors(scaleFactor, recomputed: recomputesScaleFactor)
    self.mode = mode
    self.alignCorners = alignCorners
  }

  /// Resizes all dimensions from the third on by one factor.
  public convenience init(
    scaleFactor: Double, mode: Tensor.InterpolationMode = .nearest, alignCorners: Bool = false
  ) {
    self.init(scaleFactor: [scaleFactor], mode: mode, alignCorners: alignCorners)
  }

  public override func forward(_ input: Tensor) -> Tensor {
    func each<Number>(_ numbers: [Number]) -> [Number] {
      numbers.count == 1 && input.rank > 3
        ? [Number](repeating: numbers[0], count: input.rank - 2) : numbers
    }
    switch goal {
    case .size(let size):
      return input.interpolated(to: each(size), mode: mode, alignCorners: alignCorners)
    case .factors(let factors, let recomputed):
      return input.interpolated(
        by: each(factors), mode: mode, alignCorners: alignCorners, recomputesFactors: recomputed)
    }
  }
}

// Norms of the elements along dimensions.

extension Tensor {
  /// The norm of order `p` along dimensions: (Σ |x|ᵖ)^(1/p); for ±infinity the largest or smallest |x|, for 0 the
  /// number of elements that are not zero.
  public func norm(_ p: Double = 2, dimensions: [Int] = [], keepDimension: Bool = false) -> Tensor {
    composed(
      "norm(_:dimensions:)", [self],
      [
        .init("p", .double(p)), .init("dimensions", .ints(dimensions)),
        .init("keepDimension", .bool(keepDimension)),
      ]
    ) {
      ShapeChecks.isFloatingPoint(self, for: "norm(_:dimensions:)")
      let size = absolute()
      switch p {
      case .infinity: return size.maximum(dimensions: dimensions, keepDimension: keepDimension)
      case -.infinity: return size.minimum(dimensions: dimensions, keepDimension: keepDimension)
      case 0:
        let isSet = withZeroGradient((self .!= 0).to(dtype), "norm(_:dimensions:)")
        return isSet.sum(dimensions: dimensions, keepDimension: keepDimension)
      case 1: return size.sum(dimensions: dimensions, keepDimension: keepDimension)
      case 2:
        return squared().sum(dimensions: dimensions, keepDimension: keepDimension).root {
          $0.sqrt()
        }
      default: return norm(of: p, dimensions, keepDimension)
      }
    }
  }

  /// (Σ |x|ᵖ)^(1/p); as in PyTorch, the gradient is 0 for elements that are 0, and for a norm of 0.
  private func norm(of p: Double, _ dimensions: [Int], _ keepDimension: Bool) -> Tensor {
    let axes = Array(axes(dimensions, for: "norm(_:dimensions:)"))
    let result = withoutGradients {
      let size = detached().absolute()
      // The norm of one element is its magnitude.
      return axes.allSatisfy { self.shape[$0] == 1 }
        ? size : size.power(p).sum(dimensions: axes, keepDimension: true).power(1 / p)
    }
    let shape = reduced(Axes(axes), keepDimension)
    guard Tape.records(self) else { return result.reshaped(to: shape) }
    let saving = Saving(self, dtype: dtype)
    let (x, y) = (saving.input(0, self, for: 0), saving.output(result))
    return result.recorded(
      GradientNode("norm(_:dimensions:)", edge) { step in
        let (x, norm) = (step[x], step[y])
        let (isZero, isNothing) = (x .== 0, norm .== 0)
        let size = x.absolute().maskedFill(isZero, with: 1).power(p - 1)
        let scale = norm.maskedFill(isNothing, with: 1).power(1 - p).maskedFill(isNothing, with: 0)
        step.give(0, x.sign() * size * step.gradient * scale)
      }
    ).reshaped(to: shape)
  }

  /// A root whose gradient at 0 is 0.
  private func root(_ function: (Tensor) -> Tensor) -> Tensor {
    guard Tape.records(self) else { return function(self) }
    let isZero = detached() .== 0
    return Tensor.where(isZero, self * 0, function(maskedFill(isZero, with: 1)))
  }
}

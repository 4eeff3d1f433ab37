internal import LevinSystem

// Normalizations of each sample separately.

extension Tensor {
  /// `(x − mean) / √(variance + epsilon)`, with the mean and the biased variance over `axes`.
  private func standardized(_ axes: [Int], _ epsilon: Double, _ name: StaticString) -> Tensor {
    if isRowNormKernel(axes) { return rowNormalized(axes, nil, nil, epsilon, name) }
    if Tape.isObserved {
      return Observation.whole(name, [self]) { standardized(axes, epsilon, name) }
    }
    func inverseDeviation(_ deviations: Tensor) -> Tensor {
      (deviations.squared().mean(dimensions: axes, keepDimension: true) + epsilon).rsqrt()
    }
    let (result, scale) = withoutGradients {
      let deviations = self - mean(dimensions: axes, keepDimension: true)
      let scale = inverseDeviation(deviations)
      return (deviations * scale, scale)
    }
    guard Tape.records(self) else { return result }
    let saving = Saving(self, dtype: dtype)
    let (input, output) = (saving.input(0, self, for: 0), saving.output(result))
    return result.recorded(
      GradientNode(name, edge) { step in
        let (gradient, y) = (step.gradient, step[output])
        var scale = scale
        if step.createsGraph {
          let x = step[input]
          scale = inverseDeviation(x - x.mean(dimensions: axes, keepDimension: true))
        }
        let along = (gradient * y).mean(dimensions: axes, keepDimension: true)
        let level = gradient.mean(dimensions: axes, keepDimension: true)
        step.give(0, (gradient - level - y * along) * scale)
      })
  }

  private func affine(_ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    let scaled = weight.map { self * $0 } ?? self
    return bias.map { scaled + $0 } ?? scaled
  }

  /// The last dimensions, which must equal `normalizedShape`, checked together with weight and bias.
  private func lastAxes(
    _ normalizedShape: Shape, _ weight: Tensor?, _ bias: Tensor?, _ operation: String
  ) -> [Int] {
    ShapeChecks.isFloatingPoint(self, for: operation)
    guard !normalizedShape.isEmpty, rank >= normalizedShape.rank,
      Shape(shape.suffix(normalizedShape.rank)) == normalizedShape
    else {
      fail(
        operation, "input \(shape) for the normalized shape \(normalizedShape)",
        expected: "an input whose last dimensions are the normalized shape")
    }
    for (name, own) in [("weight", weight), ("bias", bias)] {
      guard let own, own.shape != normalizedShape else { continue }
      fail(operation, "\(name) \(own.shape)", expected: "\(normalizedShape)")
    }
    return Array((rank - normalizedShape.rank)..<rank)
  }

  /// Layer normalization (Ba and others 2016) over the last dimensions, which must equal `normalizedShape`, the shape
  /// of weight and bias.
  public func layerNorm(
    _ normalizedShape: Shape, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
  ) -> Tensor {
    composed(
      "layerNorm(_:)", [self, weight, bias].compactMap { $0 },
      [
        .init("shape", .ints(Array(normalizedShape))), .init("epsilon", .double(epsilon)),
        .given(("weight", weight), ("bias", bias)),
      ]
    ) {
      let axes = lastAxes(normalizedShape, weight, bias, "layerNorm(_:)")
      if isRowNormKernel(axes, weight, bias) {
        return rowNormalized(axes, weight, bias, epsilon, "layerNorm(_:)")
      }
      return standardized(axes, epsilon, "layerNorm(_:)").affine(weight, bias)
    }
  }

  /// Division by the root of the mean square (Zhang and Sennrich 2019) over the last dimensions, which must equal
  /// `normalizedShape`, the shape of the weight.
  ///
  /// `epsilon` is by default the distance from 1 to the next larger number of the dtype.
  public func rmsNorm(
    _ normalizedShape: Shape, weight: Tensor? = nil, epsilon: Double? = nil
  ) -> Tensor {
    composed(
      "rmsNorm(_:)", [self, weight].compactMap { $0 },
      [
        .init("shape", .ints(Array(normalizedShape))),
        .init("epsilon", .double(epsilon ?? dtype.ulpOfOne)),
      ]
    ) {
      let axes = lastAxes(normalizedShape, weight, nil, "rmsNorm(_:)")
      let square = squared().mean(dimensions: axes, keepDimension: true)
      return (self * (square + (epsilon ?? dtype.ulpOfOne)).rsqrt()).affine(weight, nil)
    }
  }

  /// Group normalization (Wu and He 2018) of `[batch, channels, …]`, over the channels of a group and all positions;
  /// weight and bias are `[channels]`.
  public func groupNorm(
    _ groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
  ) -> Tensor {
    composed(
      "groupNorm(_:)", [self, weight, bias].compactMap { $0 },
      [
        .init("groups", .int(groups)), .init("epsilon", .double(epsilon)),
        .given(("weight", weight), ("bias", bias)),
      ]
    ) {
      let channels = checkedChannels(2, [("weight", weight), ("bias", bias)], "groupNorm(_:)")
      guard groups > 0, channels % groups == 0 else {
        fail(
          "groupNorm(_:)", "\(channels) channels in \(groups) groups",
          expected: "a number of channels that the groups divide")
      }
      let size = groups == 0 ? 0 : shape.dropFirst().reduce(1, *) / groups
      return reshaped(to: [shape[0], groups, size]).standardized([2], epsilon, "groupNorm(_:)")
        .reshaped(to: shape).perChannel(weight, bias)
    }
  }

  /// Instance normalization (Ulyanov and others 2016) of `[batch, channels, …]`: each channel of each sample is
  /// normalized over all positions; weight and bias are `[channels]`.
  ///
  /// If `mean` and `variance`, `[channels]`, are given they replace those of the sample.
  public func instanceNorm(
    mean: Tensor? = nil, variance: Tensor? = nil, weight: Tensor? = nil, bias: Tensor? = nil,
    epsilon: Double = 1e-5
  ) -> Tensor {
    composed(
      "instanceNorm()", [self, mean, variance, weight, bias].compactMap { $0 },
      [
        .init("epsilon", .double(epsilon)),
        .given(("mean", mean), ("variance", variance), ("weight", weight), ("bias", bias)),
      ]
    ) {
      let channels = checkedChannels(
        3, [("mean", mean), ("variance", variance), ("weight", weight), ("bias", bias)],
        "instanceNorm()")
      if let mean, let variance {
        let each = channelShape(channels)
        let scale = (variance + epsilon).rsqrt().reshaped(to: each)
        return ((self - mean.reshaped(to: each)) * scale).perChannel(weight, bias)
      }
      guard shape.dropFirst(2).reduce(1, *) > 1 else {
        fail(
          "instanceNorm()", "input \(shape)", expected: "more than one place in each channel")
      }
      return standardized(Array(2..<rank), epsilon, "instanceNorm()").perChannel(weight, bias)
    }
  }

  private func checkedChannels(
    _ leastRank: Int, _ vectors: [(name: String, vector: Tensor?)], _ operation: String
  ) -> Int {
    ShapeChecks.isFloatingPoint(self, for: operation)
    guard rank >= leastRank else {
      fail(
        operation, "input \(shape)",
        expected: leastRank == 2 ? "[batch, channels, …]" : "[batch, channels, places, …]")
    }
    for (name, vector) in vectors {
      guard let vector, vector.shape != [shape[1]] else { continue }
      fail(operation, "\(name) \(vector.shape)", expected: "[\(shape[1])]")
    }
    return shape[1]
  }

  private func perChannel(_ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    let each = channelShape(shape[1])
    return affine(weight?.reshaped(to: each), bias?.reshaped(to: each))
  }

  /// Local response normalization (Krizhevsky and others 2012) of `[batch, channels, …]`.
  ///
  /// Each element is divided by `(k + alpha · mean square over size neighbouring channels) ^ beta`.
  public func localResponseNorm(
    _ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1
  ) -> Tensor {
    composed(
      "localResponseNorm(_:)", [self],
      [
        .init("size", .int(size)), .init("alpha", .double(alpha)), .init("beta", .double(beta)),
        .init("k", .double(k)),
      ]
    ) {
      guard rank >= 3, size > 0 else {
        fail(
          "localResponseNorm(_:)", "input \(shape), size \(size)",
          expected: "input [batch, channels, places, …] and a size of 1 or more")
      }
      if elementCount == 0 { return self }
      let around = [Int](repeating: 0, count: 2 * (rank - 2)) + [size / 2, (size - 1) / 2]
      let squares = squared().padded(around)
      let sum = (1..<size).reduce(squares.narrowed(1, start: 0, length: shape[1])) {
        $0 + squares.narrowed(1, start: $1, length: shape[1])
      }
      return self / (sum * (alpha / Double(size)) + k).power(beta)
    }
  }
}

extension DType {
  /// The distance from 1 to the next larger number of a floating-point dtype.
  fileprivate var ulpOfOne: Double {
    switch self {
    case .float64: Double.ulpOfOne
    case .float16: 0x1p-10
    case .bfloat16: 0x1p-7
    default: Double(Float.ulpOfOne)
    }
  }
}

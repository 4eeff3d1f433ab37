internal import LevinSystem

extension Tensor {
  /// Batch normalization of `[batch, channels, …]` with the statistics of the batch (Ioffe and Szegedy 2015).
  ///
  /// Each channel minus its mean is divided by √(its variance + epsilon), then multiplied by `weight` `[channels]`
  /// and shifted by `bias` `[channels]`. Also returns `mean` and the biased `variance`, `[channels]`, which are not
  /// recorded. Traps if a channel has only one element, as in PyTorch; an empty input gives an empty result.
  public func batchNorm(
    weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
  ) -> (output: Tensor, mean: Tensor, variance: Tensor) {
    composed(
      "batchNorm()", [self, weight, bias].compactMap { $0 },
      [.init("epsilon", .double(epsilon)), .given(("weight", weight), ("bias", bias))],
      outputs: { [$0.output, $0.mean, $0.variance] }
    ) {
      guard elementCount > 0 else {
        let none = Tensor.zeros([rank > 1 ? shape[1] : 0], dtype: dtype, device: device)
        return (self, none, none)
      }
      ShapeChecks.batchNorm(self, [("weight", weight), ("bias", bias)])
      guard dtype == .float32 || dtype == .float64 else {
        let wide = to(.float32).batchNorm(weight: weight, bias: bias, epsilon: epsilon)
        return (wide.output.to(dtype), wide.mean, wide.variance)
      }
      let count = elementCount / shape[1]
      guard count > 1 else {
        fail(
          "batchNorm", "input \(shape), with \(count) elements a channel",
          expected: "at least 2 in training",
          hint: "make batches larger, or evaluate with train(false)"
        )
      }
      let x = contiguous()
      let (mean, variance) = (
        Tensor(uninitialized: [shape[1]], .float64, like: x),
        Tensor(uninitialized: [shape[1]], .float64, like: x)
      )
      Kernels.channelStatistics(x, mean: mean, variance: variance)
      let output = x.normalized(mean, variance, weight, bias, epsilon, isOfBatch: true)
      return (output, mean.to(dtype), variance.to(dtype))
    }
  }

  /// Batch normalization with given statistics `[channels]`, as in evaluation.
  public func batchNorm(
    mean: Tensor, variance: Tensor, weight: Tensor? = nil, bias: Tensor? = nil,
    epsilon: Double = 1e-5
  ) -> Tensor {
    composed(
      "batchNorm(mean:variance:)", [self, mean, variance, weight, bias].compactMap { $0 },
      [.init("epsilon", .double(epsilon)), .given(("weight", weight), ("bias", bias))]
    ) {
      guard elementCount > 0 else { return self }
      ShapeChecks.batchNorm(
        self, [("mean", mean), ("variance", variance), ("weight", weight), ("bias", bias)])
      let wide = dtype == .float64 ? self : to(.float32)
      let (center, spread) = withoutGradients {
        (mean.to(.float64).contiguous(), variance.to(.float64).contiguous())
      }
      return wide.contiguous().normalized(
        center.detached(), spread.detached(), weight, bias, epsilon, isOfBatch: false
      ).to(dtype)
    }
  }

  /// This tensor is contiguous; `mean` and `variance` are float64.
  private func normalized(
    _ mean: Tensor, _ variance: Tensor, _ weight: Tensor?, _ bias: Tensor?, _ epsilon: Double,
    isOfBatch: Bool
  ) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(
        "batchNorm(weight:bias:)", [self, weight, bias].compactMap { $0 }
      ) { normalized(mean, variance, weight, bias, epsilon, isOfBatch: isOfBatch) }
    }
    let inverse = withoutGradients { (variance + epsilon).rsqrt() }
    let result = Tensor(uninitialized: shape, dtype, like: self)
    withoutGradients {
      let factor = (weight.map { $0.to(.float64) * inverse } ?? inverse).contiguous()
      let shift = (bias.map { $0.to(.float64) - mean * factor } ?? -mean * factor).contiguous()
      Kernels.channelAffine(self, factor, shift: shift, into: result)
    }
    let weight = weight ?? Tensor.ones([shape[1]], dtype: dtype, device: device)
    guard Tape.records(self, weight) || bias.map(Tape.records) ?? false else { return result }
    let saving = Saving(self, weight, dtype: dtype)
    let (x, w) = (saving.input(0, self, for: 0, 1), saving.input(1, weight, for: 0))
    let statistics = BatchStatistics(
      mean: mean, variance: variance, inverse: inverse, epsilon: epsilon, isOfBatch: isOfBatch)
    return result.recorded(
      GradientNode(
        "batchNorm", edge, weight.edge(fitting: weight.shape, dtype),
        bias.map { $0.edge(fitting: $0.shape, dtype) } ?? GradientNode.Edge()
      ) { step in
        let hasBias = bias != nil
        if step.createsGraph {
          statistics.composeGradients(step, x, w, hasBias: hasBias)
        } else {
          statistics.giveGradients(step, x, w, hasBias: hasBias)
        }
      })
  }
}

/// The statistics that a batch normalization was computed with, as float64 vectors, and its gradients.
private struct BatchStatistics {
  let mean: Tensor
  let variance: Tensor
  /// 1 / √(variance + epsilon).
  let inverse: Tensor
  let epsilon: Double
  /// Whether mean and variance were computed from the input.
  let isOfBatch: Bool

  /// Computes the gradients in as few passes as possible.
  func giveGradients(_ step: BackwardStep, _ x: Saved, _ w: Saved, hasBias: Bool) {
    let gradient = step.gradient.contiguous()
    let (channels, dtype) = (gradient.shape[1], gradient.dtype)
    let (sums, products) = (
      mean.zerosLike(), mean.zerosLike()
    )
    let needsSums = step.wants(1) || isOfBatch && step.wants(0)
    if needsSums {
      Kernels.channelCovariances(gradient, step[x], mean: mean, sums: sums, products: products)
      if hasBias { step.give(2, sums.to(dtype)) }
      step.give(1, (products * inverse).to(dtype))
    } else if hasBias {
      step.give(2, gradient.sum(dimensions: (0..<gradient.rank).filter { $0 != 1 }))
    }
    guard step.wants(0) else { return }
    let factor = step[w].to(.float64) * inverse
    let result = Tensor(uninitialized: gradient.shape, dtype, like: gradient)
    if isOfBatch {
      let count = Double(gradient.elementCount / channels)
      let slope = products * inverse * inverse / count
      Kernels.channelAffine(
        gradient, factor, step[x], -slope * factor, shift: (mean * slope - sums / count) * factor,
        into: result)
    } else {
      Kernels.channelAffine(gradient, factor, shift: sums.zerosLike(), into: result)
    }
    step.give(0, result)
  }

  /// Computes the gradients with recorded operations: the statistics are computed from the input again.
  func composeGradients(_ step: BackwardStep, _ x: Saved, _ w: Saved, hasBias: Bool) {
    let gradient = step.gradient
    let axes = (0..<gradient.rank).filter { $0 != 1 }
    func along(_ vector: Tensor) -> Tensor {
      vector.reshaped(to: Shape(gradient.shape.indices.map { $0 == 1 ? -1 : 1 }))
    }
    let sums = gradient.sum(dimensions: axes, keepDimension: true)
    if hasBias { step.give(2, sums.flattened()) }
    guard step.wants(0) || step.wants(1) else { return }
    let x = step[x]
    let center =
      isOfBatch
      ? x.mean(dimensions: axes, keepDimension: true) : along(mean.to(gradient.dtype))
    let centered = x - center
    let spread =
      isOfBatch
      ? centered.squared().mean(dimensions: axes, keepDimension: true)
      : along(variance.to(gradient.dtype))
    let inverse = (spread + epsilon).rsqrt()
    let products = (gradient * centered).sum(dimensions: axes, keepDimension: true)
    step.give(1, (products * inverse).flattened())
    guard step.wants(0) else { return }
    let factor = along(step[w]) * inverse
    guard isOfBatch else {
      step.give(0, gradient * factor)
      return
    }
    let count = gradient.elementCount / gradient.shape[1]
    let slope = products * inverse * inverse / count
    step.give(0, (gradient - (centered * slope + sums / count)) * factor)
  }
}

extension ShapeChecks {
  fileprivate static func batchNorm(_ x: Tensor, _ vectors: [(name: String, value: Tensor?)]) {
    guard x.rank >= 2 else {
      fail("batchNorm", "input \(x.shape)", expected: "[batch, channels, …]")
    }
    isFloatingPoint(x, for: "batchNorm")
    for case (let name, let vector?) in vectors where vector.shape != [x.shape[1]] {
      fail(
        "batchNorm", "input \(x.shape) and \(name) \(vector.shape)",
        expected: "\(name) [\(x.shape[1])]")
    }
  }
}

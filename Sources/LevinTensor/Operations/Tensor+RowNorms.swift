// The kernel of the per-sample normalizations: rows of float32 in the host's memory, with the weight and the bias of a
// layer normalization in the same pass.

extension Tensor {
  /// Whether there is a kernel for normalization over `axes`.
  func isRowNormKernel(_ axes: [Int], _ weight: Tensor? = nil, _ bias: Tensor? = nil) -> Bool {
    elementCount > 0 && axes == Array((rank - axes.count)..<rank)
      && [self, weight, bias].compactMap { $0 }.allSatisfy { $0.dtype == .float32 && $0.isOnHost }
  }

  /// `(x − mean) / √(variance + epsilon) · weight + bias`, with mean and variance over the last dimensions, `axes`, which have
  /// the shape of weight and bias.
  func rowNormalized(
    _ axes: [Int], _ weight: Tensor?, _ bias: Tensor?, _ epsilon: Double, _ name: StaticString
  ) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(name, [self, weight, bias].compactMap { $0 }) {
        rowNormalized(axes, weight, bias, epsilon, name)
      }
    }
    let columns = axes.reduce(1) { $0 * shape[$1] }
    let result = Tensor(uninitialized: shape, .float32, like: self)
    let statistics = Tensor(uninitialized: [elementCount / columns, 2], .float64, like: self)
    Kernels.layerNorm(
      detached().contiguous(), columns: columns, weight: weight?.detached().contiguous(),
      bias: bias?.detached().contiguous(), epsilon: epsilon, into: result, statistics: statistics)
    guard [self, weight, bias].contains(where: { $0.map(Tape.records) ?? false }) else {
      return result
    }
    let saving = Saving(self, weight ?? self, dtype: .float32)
    let norm = RowNorm(
      axes: axes, columns: columns, epsilon: epsilon, statistics: statistics,
      x: saving.input(0, self, for: 0, 1), weight: weight.map { saving.input(1, $0, for: 0) },
      shapes: (weight?.shape, bias?.shape))
    return result.recorded(
      GradientNode(name, edge, weight.edge, bias.edge) { step in
        if step.createsGraph { norm.composeGradients(step) } else { norm.giveGradients(step) }
      })
  }
}

/// The data that rows were normalized with, and the gradients.
private struct RowNorm {
  let axes: [Int]
  let columns: Int
  let epsilon: Double
  let statistics: Tensor
  let x: Saved
  let weight: Saved?
  /// The shapes of weight and bias.
  let shapes: (weight: Shape?, bias: Shape?)

  private func wantsBias(_ step: BackwardStep) -> Bool { shapes.bias != nil && step.wants(2) }

  /// Computes the gradients with the kernels.
  func giveGradients(_ step: BackwardStep) {
    let gradient = step.gradient.contiguous()
    if step.wants(0) {
      let result = Tensor(uninitialized: gradient.shape, .float32, like: gradient)
      Kernels.layerNormInputGradient(
        gradient, step[x].contiguous(), columns: columns,
        weight: weight.map { step[$0].contiguous() }, statistics: statistics, into: result)
      step.give(0, result)
    }
    if let shape = shapes.weight, step.wants(1) {
      let ofWeight = Tensor(uninitialized: shape, .float32, like: gradient)
      let ofBias =
        wantsBias(step) ? Tensor(uninitialized: shape, .float32, like: gradient) : nil
      Kernels.layerNormWeightGradients(
        gradient, step[x].contiguous(), columns: columns, statistics: statistics,
        weight: ofWeight, bias: ofBias)
      step.give(1, ofWeight)
      if let ofBias { step.give(2, ofBias) }
    } else if let shape = shapes.bias, wantsBias(step) {
      step.give(2, gradient.summed(to: shape))
    }
  }

  /// Computes the gradients with recorded operations: the statistics are computed from the input again.
  func composeGradients(_ step: BackwardStep) {
    let gradient = step.gradient
    if let shape = shapes.bias, wantsBias(step) { step.give(2, gradient.summed(to: shape)) }
    guard step.wants(0) || shapes.weight != nil && step.wants(1) else { return }
    let x = step[x]
    let deviations = x - x.mean(dimensions: axes, keepDimension: true)
    let variance = deviations.squared().mean(dimensions: axes, keepDimension: true)
    let inverse = (variance + epsilon).rsqrt()
    let y = deviations * inverse
    if let shape = shapes.weight { step.give(1, (gradient * y).summed(to: shape)) }
    guard step.wants(0) else { return }
    let own = weight.map { gradient * step[$0] } ?? gradient
    let along = (own * y).mean(dimensions: axes, keepDimension: true)
    step.give(0, (own - own.mean(dimensions: axes, keepDimension: true) - y * along) * inverse)
  }
}

internal import LevinSystem

extension Tensor {
  /// The cross-entropy of these logits, `[classes]` or `[batch, classes, …]`, and their targets (PyTorch's
  /// `cross_entropy`).
  ///
  /// Targets are class indices, int64, in the shape of the logits without the class dimension; or, if they have a
  /// floating-point dtype and the shape of the logits, probabilities. `weight` (`[classes]`) has the weight of each
  /// class, and targets equal to `ignoreIndex` are ignored. With `labelSmoothing`, in 0…1, that part of each target
  /// is spread evenly over all classes. The mean is weighted, too: for indices, the sum of the losses is divided by
  /// the sum of the targets' weights.
  ///
  /// Traps if shapes do not match, and for an index that is not a class.
  public func crossEntropy(
    _ targets: Tensor, weight: Tensor? = nil, ignoreIndex: Int64 = -100,
    reduction: LossReduction = .mean, labelSmoothing: Double = 0
  ) -> Tensor {
    composed(
      "crossEntropy(_:)", [self, targets, weight].compactMap { $0 },
      [
        .init("reduction", .string("\(reduction)")),
        .init("labelSmoothing", .double(labelSmoothing)),
      ]
    ) {
      guard 0...1 ~= labelSmoothing else {
        fail("crossEntropy", "labelSmoothing \(labelSmoothing)", expected: "0…1")
      }
      if rank > 0, targets.dtype.isFloatingPoint, targets.shape == shape {
        return crossEntropy(
          probabilities: targets, weight: weight, reduction: reduction, smoothing: labelSmoothing)
      }
      let targets = ClassTargets(targets, for: self, weight, ignoring: ignoreIndex, "crossEntropy")
      if rank == 2, dtype == .float32, weight == nil, labelSmoothing == 0, reduction == .mean,
        elementCount > 0
      {
        return meanCrossEntropy(targets.indices, ignoreIndex: ignoreIndex)
      }
      let logs = logSoftmax(dimension: targets.axis)
      let loss = targets.loss(logs, reduction)
      guard labelSmoothing > 0 else { return loss }
      let even = targets.evenLoss(logs, reduction)
      return loss * (1 - labelSmoothing) + even * (labelSmoothing / Double(shape[targets.axis]))
    }
  }

  private func crossEntropy(
    probabilities: Tensor, weight: Tensor?, reduction: LossReduction, smoothing: Double
  ) -> Tensor {
    let axis = rank == 1 ? 0 : 1
    let classes = shape[axis]
    var targets = probabilities
    if smoothing > 0 { targets = targets * (1 - smoothing) + smoothing / Double(classes) }
    var terms = logSoftmax(dimension: axis) * targets
    if let weight {
      ShapeChecks.classWeight(weight, classes, for: "crossEntropy")
      terms = terms * weight.reshaped(to: rank == 1 ? [classes] : channelShape(classes))
    }
    let losses = -terms.sum(dimension: axis)
    return reduction == .mean
      ? losses.sum() / (elementCount / Swift.max(classes, 1)) : losses.reduced(reduction)
  }

  /// The negative log-likelihood of targets under these log-probabilities, `[classes]` or `[batch, classes, …]`
  /// (PyTorch's `nll_loss`).
  ///
  /// Targets, `weight` and `ignoreIndex` are those of ``crossEntropy(_:weight:ignoreIndex:reduction:labelSmoothing:)`` with
  /// class indices.
  public func nllLoss(
    _ targets: Tensor, weight: Tensor? = nil, ignoreIndex: Int64 = -100,
    reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "nllLoss(_:)", [self, targets, weight].compactMap { $0 },
      [.init("reduction", .string("\(reduction)"))]
    ) {
      ClassTargets(targets, for: self, weight, ignoring: ignoreIndex, "nllLoss").loss(
        self, reduction)
    }
  }

  /// Computes the mean over rows in one pass, together with the gradient.
  private func meanCrossEntropy(_ targets: Tensor, ignoreIndex: Int64) -> Tensor {
    let logits = contiguous()
    let records = Tape.records(logits)
    let derivative = records ? Tensor(uninitialized: shape, .float32, like: logits) : nil
    let result = Tensor(uninitialized: [], .float32, like: logits)
    Kernels.crossEntropy(
      logits, targets, ignoreIndex: ignoreIndex, gradient: derivative, into: result)
    guard let derivative else { return result }
    let x = Saving(logits, dtype: .float32).input(0, logits, for: 0)
    return result.recorded(
      GradientNode("crossEntropy(_:ignoreIndex:)", logits.edge) { step in
        guard !step.createsGraph else {
          step.give(0, step[x].crossEntropyGradient(targets, ignoreIndex) * step.gradient)
          return
        }
        // Reading a number of a device would mean waiting for it.
        let isOne = step.gradient.isOnHost && step.gradient.item() == 1
        step.give(0, isOne ? derivative : derivative * step.gradient)
      })
  }

  /// (softmax − one-hot) / number of rows that count, recorded.
  private func crossEntropyGradient(_ targets: Tensor, _ ignoreIndex: Int64) -> Tensor {
    let counted = (targets .!= ignoreIndex).to(dtype).unsqueezed(1)
    let oneHot = (targets.unsqueezed(1) .== Tensor.arange(shape[1], device: device)).to(dtype)
    return (softmax(dimension: 1) - oneHot) * counted / counted.sum()
  }
}

/// Class indices for predictions of shape `[classes]` or `[batch, classes, …]`, checked.
private struct ClassTargets {
  /// The indices, int64, contiguous.
  let indices: Tensor
  /// The dimension of the classes.
  let axis: Int
  private let weight: Tensor?
  private let ignoreIndex: Int64
  /// Whether some targets are ``ignoreIndex``.
  private let ignores: Bool

  init(
    _ targets: Tensor, for x: Tensor, _ weight: Tensor?, ignoring ignoreIndex: Int64,
    _ operation: String
  ) {
    let axis = x.rank == 1 ? 0 : 1
    let sizes = Shape(rank: Swift.max(x.rank - 1, 0)) { x.shape[$0 < axis ? $0 : $0 + 1] }
    let classes = x.rank > 0 ? x.shape[axis] : 0
    guard x.rank > 0, targets.dtype == .int64, targets.shape == sizes else {
      fail(
        operation, "logits \(x.shape) and targets \(targets.shape) of \(targets.dtype.name)",
        expected: x.rank == 2 || x.rank == 0
          ? "logits [batch, classes] and targets [batch] of int64"
          : "targets \(sizes) of int64")
    }
    let indices = targets.contiguous()
    var ignores = false
    indices.withUnsafeBytes { bytes in
      for target in bytes.assumingMemoryBound(to: Int64.self) {
        if target == ignoreIndex {
          ignores = true
        } else if !(0..<Int64(classes)).contains(target) {
          fail(operation, "target \(target)", expected: "a class in 0..<\(classes)")
        }
      }
    }
    if let weight { ShapeChecks.classWeight(weight, classes, for: operation) }
    self.indices = indices
    self.axis = axis
    self.weight = weight
    self.ignoreIndex = ignoreIndex
    self.ignores = ignores
  }

  /// Whether a target counts, in the predictions' shape with one class; nil if all do.
  private func counts() -> Tensor? {
    ignores ? indices.unsqueezed(axis) .!= ignoreIndex : nil
  }

  /// The class of each target in that shape, 0 if it does not count.
  private func places(_ counts: Tensor?) -> Tensor {
    let columns = indices.unsqueezed(axis)
    return counts.map(columns.kept) ?? columns
  }

  /// The weight of each target's loss, in the shape of `places`; nil if all are 1.
  private func weights(_ places: Tensor, _ counts: Tensor?) -> Tensor? {
    let own = weight.map {
      $0.indexSelected(0, places.flattened()).reshaped(to: places.shape)
    }
    guard let counts else { return own }
    return own?.kept(where: counts)
  }

  func loss(_ logs: Tensor, _ reduction: LossReduction) -> Tensor {
    let counts = counts()
    let places = places(counts)
    var losses = -logs.gathered(axis, places)
    let weights = weights(places, counts)
    if let weights { losses = losses * weights }
    if let counts { losses = losses.kept(where: counts) }
    guard reduction == .mean else { return losses.squeezed(axis).reduced(reduction) }
    let total =
      weights?.sum() ?? counts?.to(logs.dtype).sum()
      ?? Tensor(.int(Int64(places.elementCount)), dtype: logs.dtype)
    return losses.sum() / total
  }

  /// The loss as if all classes were equally likely, times their number.
  func evenLoss(_ logs: Tensor, _ reduction: LossReduction) -> Tensor {
    let counts = counts()
    let places = places(counts)
    let weighed =
      weight.map {
        logs * $0.reshaped(to: logs.rank == 1 ? $0.shape : logs.channelShape($0.elementCount))
      } ?? logs
    var losses = -weighed.sum(dimension: axis, keepDimension: true)
    if let counts { losses = losses.kept(where: counts) }
    guard reduction == .mean else { return losses.squeezed(axis).reduced(reduction) }
    let total =
      weights(places, counts)?.sum() ?? counts?.to(logs.dtype).sum()
      ?? Tensor(.int(Int64(places.elementCount)), dtype: logs.dtype)
    return losses.sum() / total
  }
}

extension ShapeChecks {
  static func classWeight(_ weight: Tensor, _ classes: Int, for operation: String) {
    guard weight.shape == [classes] else {
      fail(operation, "weight \(weight.shape)", expected: "[\(classes)], one for each class")
    }
  }
}

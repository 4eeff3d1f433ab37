internal import LevinSystem

// Losses of classes that are each true or false independently.

extension Tensor {
  /// The cross-entropy of these probabilities and `target`, in 0…1 and of the same shape (PyTorch's `binary_cross_entropy`).
  ///
  /// Losses are multiplied by `weight`, which broadcasts. Logarithms are at least −100, so no loss is infinite. Traps
  /// for numbers outside 0…1.
  public func binaryCrossEntropy(
    _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "binaryCrossEntropy(_:)", [self, target, weight].compactMap { $0 },
      [.init("reduction", .string("\(reduction)"))]
    ) {
      guard shape == target.shape else {
        fail(
          "binaryCrossEntropy(_:)", "input \(shape) and target \(target.shape)",
          expected: "one shape")
      }
      guard
        Observation.quietly({
          withoutGradients { ((self .>= 0) .& (self .<= 1)).all().item() == 1 }
        })
      else {
        fail(
          "binaryCrossEntropy(_:)", "an element outside of 0…1", expected: "probabilities",
          hint: "of logits, take binaryCrossEntropyWithLogits(_:)")
      }
      let target = target.to(dtype)
      var losses = withoutGradients {
        (target - 1) * (-detached()).log1p().aboveMinus100() - target * log().aboveMinus100()
      }
      if Tape.records(self, target) {
        let saving = Saving(self, target, dtype: dtype)
        let x = saving.input(0, self, for: 0, 1)
        let t = saving.input(1, target, for: 0)
        losses = losses.recorded(
          GradientNode("binaryCrossEntropy(_:)", edge, target.edge) { step in
            step.give(
              0, step.gradient * (step[x] - step[t]) / ((1 - step[x]) * step[x]).clamped(1e-12))
            step.give(
              1,
              step.gradient * ((-step[x]).log1p() - step[x].log()))
          })
      }
      return (weight.map { losses * $0 } ?? losses).reduced(reduction)
    }
  }

  private func aboveMinus100() -> Tensor { clamped(-100) }

  /// ``binaryCrossEntropy(_:weight:reduction:)`` of the logistic function of these logits, without overflow (PyTorch's
  /// `binary_cross_entropy_with_logits`).
  ///
  /// Positive targets have the weight `positiveWeight` (PyTorch's `pos_weight`); it broadcasts, as `weight` does.
  public func binaryCrossEntropyWithLogits(
    _ target: Tensor, weight: Tensor? = nil, positiveWeight: Tensor? = nil,
    reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "binaryCrossEntropyWithLogits(_:)", [self, target, weight, positiveWeight].compactMap { $0 },
      [.init("reduction", .string("\(reduction)"))]
    ) {
      guard shape == target.shape else {
        fail(
          "binaryCrossEntropyWithLogits(_:)", "input \(shape) and target \(target.shape)",
          expected: "one shape")
      }
      let target = target.to(dtype)
      var log = logSigmoid()
      if let positiveWeight { log = log * ((positiveWeight - 1) * target + 1) }
      let losses = (1 - target) * self - log
      return (weight.map { losses * $0 } ?? losses).reduced(reduction)
    }
  }

  /// `log(1 + exp(−target x))` for targets −1 and 1 (PyTorch's `soft_margin_loss`).
  public func softMarginLoss(_ target: Tensor, reduction: LossReduction = .mean) -> Tensor {
    composed("softMarginLoss(_:)", [self, target], [.init("reduction", .string("\(reduction)"))]) {
      ShapeChecks.broadcasts([self, target], for: "softMarginLoss(_:)")
      return (-(target * self).logSigmoid()).reduced(reduction)
    }
  }

  /// The mean over classes, the last dimension, of the cross-entropies of these logits and targets 0 and 1 (PyTorch's
  /// `multilabel_soft_margin_loss`); `weight` broadcasts.
  public func multilabelSoftMarginLoss(
    _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "multilabelSoftMarginLoss(_:)", [self, target, weight].compactMap { $0 },
      [.init("reduction", .string("\(reduction)"))]
    ) {
      // In float64, because terms of both signs nearly cancel; log σ(x) is x + log σ(−x).
      let (x, wide) = (to(.float64), target.to(.float64))
      let losses = -(wide * x) - (-x).logSigmoid()
      return (weight.map { losses * $0 } ?? losses).mean(dimension: -1).to(dtype).reduced(reduction)
    }
  }
}

internal import LevinSystem

// Losses of numbers. Predictions and targets broadcast; normally they have the same shape.

extension Tensor {
  /// The squared differences (PyTorch's `mse_loss`).
  public func mseLoss(
    _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "mseLoss(_:)", [self, target, weight].compactMap { $0 },
      [.init("reduction", .string("\(reduction)"))]
    ) {
      ShapeChecks.broadcasts([self, target, weight], for: "mseLoss(_:)")
      return (self - target).squared().weighed(weight, reduction)
    }
  }

  /// The absolute differences (PyTorch's `l1_loss`).
  public func l1Loss(
    _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "l1Loss(_:)", [self, target, weight].compactMap { $0 },
      [.init("reduction", .string("\(reduction)"))]
    ) {
      ShapeChecks.broadcasts([self, target, weight], for: "l1Loss(_:)")
      return (self - target).absolute().weighed(weight, reduction)
    }
  }

  /// Squared differences over 2 beta if the absolute difference is below `beta`, otherwise the absolute difference −
  /// beta / 2 (Girshick 2015; PyTorch's `smooth_l1_loss`).
  public func smoothL1Loss(
    _ target: Tensor, beta: Double = 1, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "smoothL1Loss(_:)", [self, target],
      [.init("beta", .double(beta)), .init("reduction", .string("\(reduction)"))]
    ) {
      guard beta >= 0 else {
        fail("smoothL1Loss(_:beta:)", "beta \(beta)", expected: "0 or more")
      }
      ShapeChecks.broadcasts([self, target], for: "smoothL1Loss(_:)")
      if beta == 0 { return l1Loss(target, reduction: reduction) }
      let size = (self - target).absolute()
      return Tensor.where(size .< beta, size.squared() * (0.5 / beta), size - 0.5 * beta)
        .reduced(reduction)
    }
  }

  /// Half of the squared difference; if the absolute difference exceeds `delta`, `delta` · (absolute difference −
  /// delta / 2) (Huber 1964; PyTorch's `huber_loss`).
  public func huberLoss(
    _ target: Tensor, delta: Double = 1, weight: Tensor? = nil, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "huberLoss(_:)", [self, target, weight].compactMap { $0 },
      [.init("delta", .double(delta)), .init("reduction", .string("\(reduction)"))]
    ) {
      guard delta > 0 else {
        fail("huberLoss(_:delta:)", "delta \(delta)", expected: "a number above 0")
      }
      ShapeChecks.broadcasts([self, target, weight], for: "huberLoss(_:)")
      let size = (self - target).absolute()
      return Tensor.where(size .<= delta, size.squared() * 0.5, (size - 0.5 * delta) * delta)
        .weighed(weight, reduction)
    }
  }

  private func weighed(_ weight: Tensor?, _ reduction: LossReduction) -> Tensor {
    (weight.map { self * $0 } ?? self).reduced(reduction)
  }

  // MARK: Likelihoods

  /// The Kullback–Leibler divergence of the distribution `target` from these log-probabilities (PyTorch's `kl_div`).
  ///
  /// With `logTarget` the targets are log-probabilities, too. The mean over all elements, the default, is not the
  /// mean divergence: that is ``LossReduction/batchMean``.
  public func klDivergence(
    _ target: Tensor, logTarget: Bool = false, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "klDivergence(_:)", [self, target],
      [.init("logTarget", .bool(logTarget)), .init("reduction", .string("\(reduction)"))]
    ) {
      ShapeChecks.broadcasts([self, target], for: "klDivergence(_:)")
      if logTarget { return (target.exp() * (target - self)).reduced(reduction) }
      // 0 log 0 is 0.
      let isZero = withoutGradients { target .== 0 }
      let entropy = target * target.maskedFill(isZero, with: 1).log()
      return (entropy - target * self).reduced(reduction)
    }
  }

  /// The negative log-likelihood of `target` under normal distributions with these means and `variance` (Nix and
  /// Weigend 1994; PyTorch's `gaussian_nll_loss`).
  ///
  /// The variance has this tensor's shape, or that shape without its last dimension or with size 1 there; below
  /// `epsilon` it counts as `epsilon`, and its gradient still passes. The constant ½ log 2π is left out unless
  /// `full`. Traps for a variance below 0.
  public func gaussianNLLLoss(
    _ target: Tensor, variance: Tensor, full: Bool = false, epsilon: Double = 1e-6,
    reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "gaussianNLLLoss(_:variance:)", [self, target, variance],
      [
        .init("full", .bool(full)), .init("epsilon", .double(epsilon)),
        .init("reduction", .string("\(reduction)")),
      ]
    ) {
      ShapeChecks.broadcasts([self, target], for: "gaussianNLLLoss(_:variance:)")
      guard Observation.quietly({ withoutGradients { (variance .< 0).any().item() == 0 } }) else {
        fail(
          "gaussianNLLLoss(_:variance:)", "a variance below 0", expected: "variances of 0 or more")
      }
      var variance = variance
      if rank > 0, variance.shape != shape, variance.shape == Shape(shape.dropLast()) {
        variance = variance.unsqueezed(-1)
      }
      guard variance.rank == rank,
        shape.indices.allSatisfy({ [1, shape[$0]].contains(variance.shape[$0]) })
      else {
        fail(
          "gaussianNLLLoss(_:variance:)", "variance \(variance.shape) for input \(shape)",
          expected: "the input's shape, or one without its last dimension")
      }
      let spread = variance.raised(to: epsilon)
      let loss = ((self - target).squared() / spread + spread.log()) * 0.5
      return (full ? loss + 0.918_938_533_204_672_8 : loss).reduced(reduction)
    }
  }

  /// The elements, but at least `least`; the gradient passes everywhere.
  func raised(to least: Double) -> Tensor {
    fused("raised(to:)", attributes: [.init("least", .double(least))]) {
      Tensor.maximum($0, Tensor(.double(least), dtype: dtype))
    } gradient: {
      gradient, _ in
      gradient
    }
  }

  /// The negative log-likelihood of counts `target` under Poisson distributions (PyTorch's `poisson_nll_loss`).
  ///
  /// This tensor has the logarithms of the expected counts, or, without `logInput`, the expected counts themselves,
  /// to which `epsilon` is added before their logarithm is taken. With `full` Stirling's approximation of
  /// log(target!) is added if the target is above 1.
  public func poissonNLLLoss(
    _ target: Tensor, logInput: Bool = true, full: Bool = false, epsilon: Double = 1e-8,
    reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "poissonNLLLoss(_:)", [self, target],
      [
        .init("logInput", .bool(logInput)), .init("full", .bool(full)),
        .init("epsilon", .double(epsilon)), .init("reduction", .string("\(reduction)")),
      ]
    ) {
      ShapeChecks.broadcasts([self, target], for: "poissonNLLLoss(_:)")
      var loss = logInput ? exp() - target * self : self - target * (self + epsilon).log()
      if full {
        // If it is not above 1, the logarithm is not needed.
        let isLarge = withoutGradients { target .> 1 }
        let count = Tensor.where(isLarge, target, Tensor(.int(1), dtype: target.dtype))
        let stirling = target * count.log() - target + (count * (2 * Double.pi)).log() * 0.5
        loss = loss + stirling.kept(where: isLarge)
      }
      return loss.reduced(reduction)
    }
  }
}

internal import LevinSystem

// Losses with a margin between right and wrong.

extension Tensor {
  /// For pairs of vectors, `[batch, features]` or `[features]`: 1 − cosine if the target is 1, `max(0, cosine −
  /// margin)` if it is −1 (PyTorch's `cosine_embedding_loss`).
  public func cosineEmbeddingLoss(
    _ other: Tensor, _ target: Tensor, margin: Double = 0, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "cosineEmbeddingLoss(_:_:)", [self, other, target],
      [.init("margin", .double(margin)), .init("reduction", .string("\(reduction)"))]
    ) {
      guard (1...2).contains(rank), shape == other.shape, target.shape == Shape(shape.dropLast())
      else {
        fail(
          "cosineEmbeddingLoss(_:_:)",
          "inputs \(shape) and \(other.shape), targets \(target.shape)",
          expected: "two inputs [batch, features] and targets [batch]")
      }
      let tiny = 1e-12
      let squares =
        (squared().sum(dimension: -1) + tiny) * (other.squared().sum(dimension: -1) + tiny)
      let cosine = (self * other).sum(dimension: -1) / squares.sqrt()
      return
        ((1 - cosine).kept(where: target .== 1)
        + (cosine - margin).clamped(0).kept(where: target .== -1)).reduced(reduction)
    }
  }

  /// `max(0, margin − target (x − other))`, for a target of 1 if these numbers should be larger, and −1 if the others
  /// should (PyTorch's `margin_ranking_loss`).
  public func marginRankingLoss(
    _ other: Tensor, _ target: Tensor, margin: Double = 0, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "marginRankingLoss(_:_:)", [self, other, target],
      [.init("margin", .double(margin)), .init("reduction", .string("\(reduction)"))]
    ) {
      guard rank == other.rank, rank == target.rank else {
        fail(
          "marginRankingLoss(_:_:)",
          "inputs \(shape) and \(other.shape), targets \(target.shape)",
          expected: "as many dimensions")
      }
      ShapeChecks.broadcasts([self, other, target], for: "marginRankingLoss(_:_:)")
      return (-target * (self - other) + margin).clamped(0).reduced(reduction)
    }
  }

  /// These distances if the target is 1, `max(0, margin − distance)` if it is −1 (PyTorch's `hinge_embedding_loss`).
  public func hingeEmbeddingLoss(
    _ target: Tensor, margin: Double = 1, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "hingeEmbeddingLoss(_:)", [self, target],
      [.init("margin", .double(margin)), .init("reduction", .string("\(reduction)"))]
    ) {
      ShapeChecks.broadcasts([self, target], for: "hingeEmbeddingLoss(_:)")
      return
        ((margin - self).clamped(0).kept(where: target .!= 1) + self.kept(where: target .!= -1))
        .reduced(reduction)
    }
  }

  /// `max(0, margin + distance to positive − distance to negative)` for these anchors `[…, features]` (PyTorch's
  /// `triplet_margin_loss`).
  ///
  /// Distances are ``pairwiseDistance(_:p:epsilon:keepDimension:)``. With `swap`, the distance between positive and
  /// negative is used if it is smaller (Balntas and others 2016).
  public func tripletMarginLoss(
    positive: Tensor, negative: Tensor, margin: Double = 1, p: Double = 2, epsilon: Double = 1e-6,
    swap: Bool = false, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "tripletMarginLoss(positive:negative:)", [self, positive, negative],
      [
        .init("margin", .double(margin)), .init("p", .double(p)),
        .init("epsilon", .double(epsilon)), .init("swap", .bool(swap)),
        .init("reduction", .string("\(reduction)")),
      ]
    ) {
      tripletMarginLoss(
        positive: positive, negative: negative, margin: margin, swap: swap, reduction: reduction
      ) { $0.pairwiseDistance($1, p: p, epsilon: epsilon) }
    }
  }

  /// ``tripletMarginLoss(positive:negative:margin:p:epsilon:swap:reduction:)`` with a custom distance (PyTorch's
  /// `triplet_margin_with_distance_loss`).
  public func tripletMarginLoss(
    positive: Tensor, negative: Tensor, margin: Double = 1, swap: Bool = false,
    reduction: LossReduction = .mean, distance: (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    composed(
      "tripletMarginLoss(positive:negative:distance:)", [self, positive, negative],
      [
        .init("margin", .double(margin)), .init("swap", .bool(swap)),
        .init("reduction", .string("\(reduction)")),
      ]
    ) {
      guard rank == positive.rank, rank == negative.rank else {
        fail(
          "tripletMarginLoss(positive:negative:)",
          "anchor \(shape), positive \(positive.shape), negative \(negative.shape)",
          expected: "as many dimensions")
      }
      ShapeChecks.broadcasts(
        [self, positive, negative], for: "tripletMarginLoss(positive:negative:)")
      guard margin > 0 else {
        fail(
          "tripletMarginLoss(positive:negative:)", "margin \(margin)", expected: "more than 0")
      }
      var far = distance(self, negative)
      if swap { far = Tensor.minimum(far, distance(positive, negative)) }
      return (distance(self, positive) - far + margin).clamped(0).reduced(reduction)
    }
  }

  /// For scores `[batch, classes]` or `[classes]` and class indices, int64: sums `max(0, margin − target's score +
  /// other score)` to the power of `p`, 1 or 2, over the other classes, and divides by the number of classes
  /// (PyTorch's `multi_margin_loss`).
  ///
  /// `weight` is `[classes]`.
  public func multiMarginLoss(
    _ target: Tensor, p: Int = 1, margin: Double = 1, weight: Tensor? = nil,
    reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "multiMarginLoss(_:)", [self, target, weight].compactMap { $0 },
      [
        .init("p", .int(p)), .init("margin", .double(margin)),
        .init("reduction", .string("\(reduction)")),
      ]
    ) {
      let classes = rank == 0 ? 1 : shape[rank - 1]
      guard rank <= 2, classes > 0, target.rank <= 1, target.dtype == .int64,
        target.elementCount * classes == elementCount, p == 1 || p == 2
      else {
        fail(
          "multiMarginLoss(_:)",
          "input \(shape), targets \(target.shape) of \(target.dtype.name), p \(p)",
          expected: "input [batch, classes], targets [batch] of int64, p 1 or 2")
      }
      if let weight { ShapeChecks.classWeight(weight, classes, for: "multiMarginLoss(_:)") }
      let scores = reshaped(to: [target.elementCount, classes])
      let places = target.reshaped(to: [target.elementCount, 1])
      var terms = (scores - scores.gathered(-1, places) + margin).clamped(0)
      if p == 2 { terms = terms.squared() }
      if let weight {
        terms = terms * weight.indexSelected(0, places.flattened()).reshaped(to: places.shape)
      }
      let isOther = Tensor.arange(classes, device: device) .!= places
      let losses = terms.kept(where: isOther).sum(dimension: -1) / classes
      // As in PyTorch: if targets have no dimension, neither do losses.
      return losses.reshaped(to: target.shape).reduced(reduction)
    }
  }

  /// For scores `[batch, classes]` or `[classes]` and class indices of the same shape, int64, up to the first −1:
  /// sums `max(0, 1 − target's score + other score)` over targets and other classes, and divides by the number of
  /// classes (PyTorch's `multilabel_margin_loss`).
  public func multilabelMarginLoss(_ target: Tensor, reduction: LossReduction = .mean) -> Tensor {
    composed(
      "multilabelMarginLoss(_:)", [self, target], [.init("reduction", .string("\(reduction)"))]
    ) {
      let isVector = rank <= 1 && target.rank <= 1 && elementCount == target.elementCount
      if isVector, rank == 0 || target.rank == 0 {
        return reshaped(to: [1]).multilabelMarginLoss(
          target.reshaped(to: [1]), reduction: reduction)
      }
      guard (1...2).contains(rank), shape == target.shape, target.dtype == .int64,
        (shape.last ?? 0) > 0
      else {
        fail(
          "multilabelMarginLoss(_:)",
          "input \(shape), targets \(target.shape) of \(target.dtype.name)",
          expected: "targets of int64 and of the input's shape")
      }
      let counts = (target .>= 0).to(.int64).cumulativeProduct(-1)
      let places = target * counts
      let isTarget = counts.zerosLike().scatterAdded(-1, places, counts) .> 0
      let lacks = (unsqueezed(-2) - gathered(-1, places).unsqueezed(-1) + 1).clamped(0)
      let asks = (counts .> 0).unsqueezed(-1) .& (.!isTarget).unsqueezed(-2)
      return
        (lacks.kept(where: asks).sum(dimensions: [-2, -1]) / (shape.last ?? 1)).reduced(reduction)
    }
  }
}

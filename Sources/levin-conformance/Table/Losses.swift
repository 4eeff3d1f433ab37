import LevinTensor

let losses: [Operation] = [
  op("nn.functional.cross_entropy", "x.crossEntropy(target)") { c in
    try c.x.crossEntropy(
      c.tensor("target", 0), weight: c.optional("weight", 1),
      ignoreIndex: Int64(c.int("ignore_index", -1) ?? -100), reduction: c.reduction,
      labelSmoothing: c.double("label_smoothing", -1) ?? 0)
  },
  op("nn.functional.nll_loss", "x.nllLoss(target)") { c in
    try c.x.nllLoss(
      c.tensor("target", 0), weight: c.optional("weight", 1),
      ignoreIndex: Int64(c.int("ignore_index", -1) ?? -100), reduction: c.reduction)
  },
  op("nn.functional.binary_cross_entropy", "x.binaryCrossEntropy(target)") { c in
    try c.x.binaryCrossEntropy(
      c.tensor("target", 0), weight: c.optional("weight", 1), reduction: c.reduction)
  },
  op("nn.functional.binary_cross_entropy_with_logits", "x.binaryCrossEntropyWithLogits(target)") {
    c in
    try c.x.binaryCrossEntropyWithLogits(
      c.tensor("target", 0), weight: c.optional("weight", 1),
      positiveWeight: c.optional("pos_weight", -1), reduction: c.reduction)
  },
  op("nn.functional.mse_loss", "x.mseLoss(target)") { c in
    try c.x.mseLoss(
      c.tensor("target", 0), weight: c.optional("weight", -1), reduction: c.reduction)
  },
  op("nn.functional.l1_loss", "x.l1Loss(target)") { c in
    try c.x.l1Loss(
      c.tensor("target", 0), weight: c.optional("weight", -1), reduction: c.reduction)
  },
  op("nn.functional.smooth_l1_loss", "x.smoothL1Loss(target, beta: 1)") { c in
    try c.x.smoothL1Loss(
      c.tensor("target", 0), beta: c.double("beta", -1) ?? 1, reduction: c.reduction)
  },
  op("nn.functional.huber_loss", "x.huberLoss(target, delta: 1)") { c in
    try c.x.huberLoss(
      c.tensor("target", 0), delta: c.double("delta", -1) ?? 1,
      weight: c.optional("weight", -1), reduction: c.reduction)
  },
  op("nn.functional.kl_div", "x.klDivergence(target)") { c in
    try c.x.klDivergence(
      c.tensor("target", 0), logTarget: c.bool("log_target", -1), reduction: c.reduction)
  },
  op("nn.functional.gaussian_nll_loss", "x.gaussianNLLLoss(target, variance: variance)") { c in
    let variance =
      try c.optional("var", 1) ?? Tensor.ones(c.x.shape, dtype: c.x.dtype)
    return try c.x.gaussianNLLLoss(
      c.tensor("target", 0), variance: variance, full: c.bool("full", 2),
      epsilon: c.double("eps", 3) ?? 1e-6, reduction: c.reduction)
  },
  op("nn.functional.poisson_nll_loss", "x.poissonNLLLoss(target)") { c in
    return try c.x.poissonNLLLoss(
      c.tensor("target", 0), logInput: c.flag("log_input", 1, true), full: c.bool("full", 2),
      epsilon: c.double("eps", -1) ?? 1e-8, reduction: c.reduction)
  },
  op("nn.functional.soft_margin_loss", "x.softMarginLoss(target)") { c in
    try c.x.softMarginLoss(c.tensor("target", 0), reduction: c.reduction)
  },
  op("nn.functional.multilabel_soft_margin_loss", "x.multilabelSoftMarginLoss(target)") { c in
    try c.x.multilabelSoftMarginLoss(
      c.tensor("target", 0), weight: c.optional("weight", 1), reduction: c.reduction)
  },
  op("nn.functional.multi_margin_loss", "x.multiMarginLoss(target)") { c in
    try c.x.multiMarginLoss(
      c.tensor("target", 0), p: c.int("p", 1) ?? 1, margin: c.double("margin", 2) ?? 1,
      weight: c.optional("weight", 3), reduction: c.reduction)
  },
  op("nn.functional.multilabel_margin_loss", "x.multilabelMarginLoss(target)") { c in
    try c.x.multilabelMarginLoss(c.tensor("target", 0), reduction: c.reduction)
  },
  op("nn.functional.ctc_loss", "x.ctcLoss(targets, inputLengths: [50, 50], targetLengths: [10, 8])")
  { c in
    try c.x.ctcLoss(
      c.tensor("targets", 0), inputLengths: c.lengths("input_lengths", 1),
      targetLengths: c.lengths("target_lengths", 2), blank: c.int("blank", 3) ?? 0,
      zeroInfinity: c.bool("zero_infinity", -1), reduction: c.reduction)
  },
]

extension Case {
  /// Integers in a list or a tensor.
  fileprivate func lengths(_ name: String, _ place: Int) throws -> [Int] {
    guard case .tensor(let tensor) = value(name, place) else { return try ints(name, place) }
    return tensor.to(.int64).scalars(as: Int64.self).map(Int.init)
  }

  var reduction: LossReduction {
    get throws {
      guard let name = try text("reduction", -1) else { return .mean }
      guard let reduction = LossReduction(rawValue: name) else {
        throw CaseError("reduction \(name)")
      }
      return reduction
    }
  }
}

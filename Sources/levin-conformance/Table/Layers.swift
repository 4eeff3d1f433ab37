import LevinTensor

/// Activations, losses, normalisations of samples, padding and resizing.
var layerCalls: [String: Call] {
  [activations, probabilities, losses, embeddingLosses, normalizations, pictures, lookups].reduce(
    into: [:]) {
      table, part in
      for (name, call) in part {
        table[name.hasPrefix("+") ? String(name.dropFirst()) : "nn.functional.\(name)"] = call
      }
    }
}

private func unary(_ function: @escaping @Sendable (Tensor) -> Tensor) -> Call {
  { c in [function(try c.x)] }
}

extension Case {
  /// A tensor that may be missing.
  fileprivate func optional(_ name: String, _ place: Int) throws -> Tensor? {
    switch value(name, place) {
    case nil: nil
    case .some(let value): try asTensor(value, name)
    }
  }

  fileprivate var reduction: LossReduction {
    get throws {
      guard let name = try text("reduction", -1) else { return .mean }
      guard let reduction = LossReduction(rawValue: name) else {
        throw CaseError("reduction \(name)")
      }
      return reduction
    }
  }

  fileprivate func doubles(_ name: String, _ place: Int, _ count: Int) throws -> [Double]? {
    switch value(name, place) {
    case nil: return nil
    case .list(let items), .tuple(let items):
      return try items.map {
        switch $0 {
        case .int(let number): return Double(number)
        case .double(let number): return number
        default: throw CaseError("\(name) is no list of numbers")
        }
      }
    default:
      return try double(name, place).map { [Double](repeating: $0, count: count) }
    }
  }
}

private var activations: [String: Call] {
  [
    "relu": unary { $0.relu() },
    "relu6": unary { $0.relu6() },
    "gelu": { c in
      let name = try c.text("approximate", 0) ?? "none"
      guard let way = Tensor.GELUApproximation(rawValue: name) else {
        throw CaseError("approximate \(name)")
      }
      return [try c.x.gelu(approximate: way)]
    },
    "silu": unary { $0.silu() },
    "mish": unary { $0.mish() },
    "selu": unary { $0.selu() },
    "softsign": unary { $0.softsign() },
    "tanhshrink": unary { $0.tanhshrink() },
    "logsigmoid": unary { $0.logSigmoid() },
    "hardsigmoid": unary { $0.hardsigmoid() },
    "hardswish": unary { $0.hardswish() },
    "elu": { c in [try c.x.elu(alpha: c.double("alpha", 0) ?? 1)] },
    "celu": { c in [try c.x.celu(alpha: c.double("alpha", 0) ?? 1)] },
    "leaky_relu": { c in
      [try c.x.leakyReLU(negativeSlope: c.double("negative_slope", 0) ?? 0.01)]
    },
    "prelu": { c in [try c.x.prelu(c.tensor("weight", 0))] },
    "softplus": { c in
      [
        try c.x.softplus(
          beta: c.double("beta", 0) ?? 1, threshold: c.double("threshold", 1) ?? 20)
      ]
    },
    "threshold": { c in
      [try c.x.threshold(c.double("threshold", 0) ?? 0, c.double("value", 1) ?? 0)]
    },
    "hardtanh": { c in
      [try c.x.hardtanh(c.double("min_val", 0) ?? -1, c.double("max_val", 1) ?? 1)]
    },
    "hardshrink": { c in [try c.x.hardshrink(c.double("lambd", 0) ?? 0.5)] },
    "softshrink": { c in [try c.x.softshrink(c.double("lambd", 0) ?? 0.5)] },
    "glu": { c in [try c.x.glu(dimension: c.int("dim", 0) ?? -1)] },
  ]
}

private var probabilities: [String: Call] {
  let softmax: Call = { c in
    [try c.x.softmax(dimension: c.int("dim", 0) ?? -1, dtype: c.dtype("dtype", 2))]
  }
  let logSoftmax: Call = { c in
    [try c.x.logSoftmax(dimension: c.int("dim", 0) ?? -1, dtype: c.dtype("dtype", 2))]
  }
  let softmin: Call = { c in
    [try c.x.softmin(dimension: c.int("dim", 0) ?? -1, dtype: c.dtype("dtype", 2))]
  }
  return [
    "+softmax": softmax, "+softmax.with_dtype": softmax,
    "+log_softmax": logSoftmax, "+log_softmax.with_dtype": logSoftmax,
    "softmin": softmin, "softmin.with_dtype": softmin,
    "scaled_dot_product_attention": { c in
      if try c.double("dropout_p", 3) ?? 0 != 0 { throw CaseError("dropout in attention") }
      return [
        try c.x.scaledDotProductAttention(
          keys: c.tensor("key", 0), values: c.tensor("value", 1), mask: c.optional("attn_mask", 2),
          isCausal: c.bool("is_causal", 4), scale: c.double("scale", -1),
          groupsQueries: c.bool("enable_gqa", -1))
      ]
    },
  ]
}

private var losses: [String: Call] {
  [
    "cross_entropy": { c in
      [
        try c.x.crossEntropy(
          c.tensor("target", 0), weight: c.optional("weight", 1),
          ignoreIndex: Int64(c.int("ignore_index", -1) ?? -100), reduction: c.reduction,
          labelSmoothing: c.double("label_smoothing", -1) ?? 0)
      ]
    },
    "nll_loss": { c in
      [
        try c.x.nllLoss(
          c.tensor("target", 0), weight: c.optional("weight", 1)?.detached(),
          ignoreIndex: Int64(c.int("ignore_index", -1) ?? -100), reduction: c.reduction)
      ]
    },
    "binary_cross_entropy": { c in
      [
        try c.x.binaryCrossEntropy(
          c.tensor("target", 0), weight: c.optional("weight", 1), reduction: c.reduction)
      ]
    },
    "binary_cross_entropy_with_logits": { c in
      [
        try c.x.binaryCrossEntropyWithLogits(
          c.tensor("target", 0), weight: c.optional("weight", 1),
          positiveWeight: c.optional("pos_weight", -1), reduction: c.reduction)
      ]
    },
    "mse_loss": { c in
      [
        try c.x.mseLoss(
          c.tensor("target", 0), weight: c.optional("weight", -1), reduction: c.reduction)
      ]
    },
    "l1_loss": { c in
      [
        try c.x.l1Loss(
          c.tensor("target", 0), weight: c.optional("weight", -1), reduction: c.reduction)
      ]
    },
    "smooth_l1_loss": { c in
      [
        try c.x.smoothL1Loss(
          c.tensor("target", 0), beta: c.double("beta", -1) ?? 1, reduction: c.reduction)
      ]
    },
    "huber_loss": { c in
      [
        try c.x.huberLoss(
          c.tensor("target", 0), delta: c.double("delta", -1) ?? 1,
          weight: c.optional("weight", -1), reduction: c.reduction)
      ]
    },
    "kl_div": { c in
      [
        try c.x.klDivergence(
          c.tensor("target", 0), logTarget: c.bool("log_target", -1), reduction: c.reduction)
      ]
    },
    "gaussian_nll_loss": { c in
      let variance =
        try c.optional("var", 1) ?? Tensor.ones(c.x.shape, dtype: c.x.dtype)
      return [
        try c.x.gaussianNLLLoss(
          c.tensor("target", 0), variance: variance, full: c.bool("full", 2),
          epsilon: c.double("eps", 3) ?? 1e-6, reduction: c.reduction)
      ]
    },
    "poisson_nll_loss": { c in
      let isLog = c.value("log_input", 1) == nil ? true : try c.bool("log_input", 1)
      return [
        try c.x.poissonNLLLoss(
          c.tensor("target", 0), logInput: isLog, full: c.bool("full", 2),
          epsilon: c.double("eps", -1) ?? 1e-8, reduction: c.reduction)
      ]
    },
    "soft_margin_loss": { c in
      [try c.x.softMarginLoss(c.tensor("target", 0).detached(), reduction: c.reduction)]
    },
    "multilabel_soft_margin_loss": { c in
      [
        try c.x.multilabelSoftMarginLoss(
          c.tensor("target", 0), weight: c.optional("weight", 1), reduction: c.reduction)
      ]
    },
    "multi_margin_loss": { c in
      [
        try c.x.multiMarginLoss(
          c.tensor("target", 0), p: c.int("p", 1) ?? 1, margin: c.double("margin", 2) ?? 1,
          weight: c.optional("weight", 3), reduction: c.reduction)
      ]
    },
    "multilabel_margin_loss": { c in
      [try c.x.multilabelMarginLoss(c.tensor("target", 0), reduction: c.reduction)]
    },
    "ctc_loss": { c in
      [
        try c.x.ctcLoss(
          c.tensor("targets", 0), inputLengths: c.ints("input_lengths", 1),
          targetLengths: c.ints("target_lengths", 2), blank: c.int("blank", 3) ?? 0,
          zeroInfinity: c.bool("zero_infinity", -1), reduction: c.reduction)
      ]
    },
  ]
}

private var embeddingLosses: [String: Call] {
  let triplet: Call = { c in
    [
      try c.x.tripletMarginLoss(
        positive: c.tensor("positive", 0), negative: c.tensor("negative", 1),
        margin: c.double("margin", 2) ?? 1, p: c.double("p", 3) ?? 2,
        epsilon: c.double("eps", 4) ?? 1e-6, swap: c.bool("swap", 5), reduction: c.reduction)
    ]
  }
  return [
    "triplet_margin_loss": triplet,
    "triplet_margin_with_distance_loss": triplet,
    "cosine_embedding_loss": { c in
      [
        try c.x.cosineEmbeddingLoss(
          c.tensor("input2", 0), c.tensor("target", 1), margin: c.double("margin", 2) ?? 0,
          reduction: c.reduction)
      ]
    },
    "margin_ranking_loss": { c in
      [
        try c.x.marginRankingLoss(
          c.tensor("input2", 0), c.tensor("target", 1), margin: c.double("margin", 2) ?? 0,
          reduction: c.reduction)
      ]
    },
    "hinge_embedding_loss": { c in
      [
        try c.x.hingeEmbeddingLoss(
          c.tensor("target", 0), margin: c.double("margin", 1) ?? 1, reduction: c.reduction)
      ]
    },
    "cosine_similarity": { c in
      [
        try c.x.cosineSimilarity(
          c.tensor("x2", 0), dimension: c.int("dim", 1) ?? 1, epsilon: c.double("eps", 2) ?? 1e-8)
      ]
    },
    "pairwise_distance": { c in
      [
        try c.x.pairwiseDistance(
          c.tensor("x2", 0), p: c.double("p", 1) ?? 2, epsilon: c.double("eps", 2) ?? 1e-6,
          keepDimension: c.bool("keepdim", 3))
      ]
    },
    "normalize": { c in
      [
        try c.x.normalized(
          c.double("p", 0) ?? 2, dimension: c.int("dim", 1) ?? 1,
          epsilon: c.double("eps", 2) ?? 1e-12)
      ]
    },
  ]
}

private var normalizations: [String: Call] {
  [
    "layer_norm": { c in
      [
        try c.x.layerNorm(
          Shape(c.ints("normalized_shape", 0)), weight: c.optional("weight", 1),
          bias: c.optional("bias", 2), epsilon: c.double("eps", 3) ?? 1e-5)
      ]
    },
    "rms_norm": { c in
      [
        try c.x.rmsNorm(
          Shape(c.ints("normalized_shape", 0)), weight: c.optional("weight", 1),
          epsilon: c.double("eps", 2))
      ]
    },
    "group_norm": { c in
      [
        try c.x.groupNorm(
          c.int("num_groups", 0) ?? 1, weight: c.optional("weight", 1), bias: c.optional("bias", 2),
          epsilon: c.double("eps", 3) ?? 1e-5)
      ]
    },
    "instance_norm": { c in
      let usesInput = c.value("use_input_stats", 4) == nil ? true : try c.bool("use_input_stats", 4)
      return [
        try c.x.instanceNorm(
          mean: usesInput ? nil : c.optional("running_mean", 0)?.detached(),
          variance: usesInput ? nil : c.optional("running_var", 1)?.detached(),
          weight: c.optional("weight", 2), bias: c.optional("bias", 3),
          epsilon: c.double("eps", 6) ?? 1e-5)
      ]
    },
    "local_response_norm": { c in
      [
        try c.x.localResponseNorm(
          c.int("size", 0) ?? 1, alpha: c.double("alpha", 1) ?? 1e-4,
          beta: c.double("beta", 2) ?? 0.75, k: c.double("k", 3) ?? 1)
      ]
    },
  ]
}

private var pictures: [String: Call] {
  let pad: Call = { c in
    let name = try c.text("mode", 1) ?? "constant"
    guard let mode = Tensor.PaddingMode(rawValue: name) else { throw CaseError("mode \(name)") }
    return [
      try c.x.padded(
        c.ints("pad", 0), mode: mode, value: AnyNumber(number: c.number("value", 2) ?? .int(0)))
    ]
  }
  let interpolate: Call = { c in
    let name = try c.text("mode", 2) ?? "nearest"
    guard let mode = Tensor.InterpolationMode(rawValue: name) else {
      throw CaseError("mode \(name)")
    }
    let (x, corners) = (try c.x, try c.bool("align_corners", 3))
    let antialias = try c.bool("antialias", 5)
    if let factors = try c.doubles("scale_factor", 1, x.rank - 2) {
      return [
        x.interpolated(
          by: factors, mode: mode, alignCorners: corners, antialias: antialias,
          recomputesFactors: try c.bool("recompute_scale_factor", 4))
      ]
    }
    var size = try c.ints("size", 0)
    if size.count == 1 { size = [Int](repeating: size[0], count: x.rank - 2) }
    return [x.interpolated(to: size, mode: mode, alignCorners: corners, antialias: antialias)]
  }
  let modes = ["area", "bicubic", "bilinear", "linear", "nearest", "nearest-exact", "trilinear"]
  let paddings = ["circular", "constant", "reflect", "replicate", "replicate_negative"]
  var table: [String: Call] = [
    "+constant_pad_nd": { c in
      [
        try c.x.padded(c.ints("pad", 0), value: AnyNumber(number: c.number("value", 1) ?? .int(0)))
      ]
    },
    "pixel_shuffle": { c in [try c.x.pixelShuffled(c.int("upscale_factor", 0) ?? 1)] },
    "pixel_unshuffle": { c in [try c.x.pixelUnshuffled(c.int("downscale_factor", 0) ?? 1)] },
    "channel_shuffle": { c in [try c.x.channelShuffled(c.int("groups", 0) ?? 1)] },
    "unfold": { c in
      func pair(_ name: String, _ place: Int, _ standard: Int) throws -> (Int, Int) {
        let numbers = try c.ints(name, place)
        return numbers.count == 2
          ? (numbers[0], numbers[1]) : (numbers.first ?? standard, numbers.first ?? standard)
      }
      return [
        try c.x.windowsUnfolded(
          WindowGeometry(
            pair("kernel_size", 0, 1), dilation: pair("dilation", 1, 1),
            padding: pair("padding", 2, 0), stride: pair("stride", 3, 1)))
      ]
    },
  ]
  for mode in modes { table["interpolate.\(mode)"] = interpolate }
  for mode in paddings { table["pad.\(mode)"] = pad }
  return table
}

private var lookups: [String: Call] {
  [
    "linear": { c in
      [try c.x.linear(weight: c.tensor("weight", 0), bias: c.optional("bias", 1))]
    },
    "bilinear": { c in
      [
        try c.x.bilinear(
          c.tensor("input2", 0), weight: c.tensor("weight", 1), bias: c.optional("bias", 2))
      ]
    },
    "embedding": { c in
      // PyTorch's suite gives the table first.
      var (table, indices) = (try c.x, try c.tensor("input", 0))
      if table.dtype == .int64 { swap(&table, &indices) }
      return [
        table.embedding(
          indices, paddingIndex: try c.int("padding_idx", 1), maxNorm: try c.double("max_norm", 2),
          normOrder: try c.double("norm_type", 3) ?? 2,
          scalesByFrequency: try c.bool("scale_grad_by_freq", 4))
      ]
    },
    "one_hot": { c in
      let classes = try c.int("num_classes", 0) ?? -1
      return [try c.x.oneHot(classes < 0 ? nil : classes)]
    },
  ]
}

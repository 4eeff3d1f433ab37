import LevinTensor

let normalizations: [Operation] = [
  ops("nn.functional.batch_norm", "x.batchNorm(weight: weight, bias: bias).output") { c in
    let (x, epsilon) = (try c.x, try c.double("eps", 6) ?? 1e-5)
    let (weight, bias) = (try c.optional("weight", 2), try c.optional("bias", 3))
    let (mean, variance) = (try c.optional("running_mean", 0), try c.optional("running_var", 1))
    guard try c.bool("training", 4) else {
      guard let mean, let variance else { throw CaseError("no statistics") }
      return [
        x.batchNorm(mean: mean, variance: variance, weight: weight, bias: bias, epsilon: epsilon)
      ]
    }
    let result = x.batchNorm(weight: weight, bias: bias, epsilon: epsilon)
    let momentum = try c.double("momentum", 5) ?? 0.1
    guard x.elementCount > 0 else { return [result.output] }
    let count = Double(x.elementCount / x.shape[1])
    return [result.output]
      + moved(mean, result.mean, momentum)
      + moved(variance, result.variance * (count / (count - 1)), momentum)
  },
  op("nn.functional.layer_norm", "x.layerNorm([5, 10], weight: weight, bias: bias)") { c in
    try c.x.layerNorm(
      Shape(c.ints("normalized_shape", 0)), weight: c.optional("weight", 1),
      bias: c.optional("bias", 2), epsilon: c.double("eps", 3) ?? 1e-5)
  },
  op("nn.functional.rms_norm", "x.rmsNorm([10], weight: weight)") { c in
    try c.x.rmsNorm(
      Shape(c.ints("normalized_shape", 0)), weight: c.optional("weight", 1),
      epsilon: c.double("eps", 2))
  },
  op("nn.functional.group_norm", "x.groupNorm(2, weight: weight, bias: bias)") { c in
    try c.x.groupNorm(
      c.int("num_groups", 0) ?? 1, weight: c.optional("weight", 1), bias: c.optional("bias", 2),
      epsilon: c.double("eps", 3) ?? 1e-5)
  },
  ops("nn.functional.instance_norm", "x.instanceNorm(weight: weight, bias: bias)") { c in
    let (x, epsilon) = (try c.x, try c.double("eps", 6) ?? 1e-5)
    let (weight, bias) = (try c.optional("weight", 2), try c.optional("bias", 3))
    let (mean, variance) = (try c.optional("running_mean", 0), try c.optional("running_var", 1))
    guard try c.flag("use_input_stats", 4, true) else {
      return [
        x.instanceNorm(
          mean: mean, variance: variance, weight: weight, bias: bias, epsilon: epsilon)
      ]
    }
    let momentum = try c.double("momentum", 5) ?? 0.1
    let places = Array(2..<x.rank)
    return [x.instanceNorm(weight: weight, bias: bias, epsilon: epsilon)]
      + moved(mean, x.mean(dimensions: places).mean(dimensions: [0]), momentum)
      + moved(variance, x.variance(dimensions: places).mean(dimensions: [0]), momentum)
  },
  op("nn.functional.local_response_norm", "x.localResponseNorm(3)") { c in
    try c.x.localResponseNorm(
      c.int("size", 0) ?? 1, alpha: c.double("alpha", 1) ?? 1e-4,
      beta: c.double("beta", 2) ?? 0.75, k: c.double("k", 3) ?? 1)
  },
]

/// The running statistics after a batch with statistics `new`; PyTorch's functions update them in place, in Levin the
/// layers do.
private func moved(_ running: Tensor?, _ new: Tensor, _ momentum: Double) -> [Tensor] {
  guard let running, momentum != 0 else { return [] }
  return [withoutGradients { running * (1 - momentum) + new * momentum }]
}

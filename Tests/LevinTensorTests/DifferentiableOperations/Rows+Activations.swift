import LevinTensor

// Activation functions.

extension DifferentiableOperation {
  static let activations: [Row] = [
    Row("softmax(dimension:dtype:)", [[2, 3]]) { $0[0].softmax(dimension: 1) },
    Row("logSoftmax(dimension:dtype:)", [[2, 3]]) { $0[0].logSoftmax(dimension: 0) },
    Row("softmin(dimension:dtype:)", [[2, 3]]) { $0[0].softmin(dimension: 1) },
    Row("gelu(approximate:)", [[5]]) { ($0[0] * 3 - 3).gelu() },
    Row("gelu(approximate:)", [[5]]) { ($0[0] * 3 - 3).gelu(approximate: .tanh) },
    Row("silu()", [[5]]) { ($0[0] * 3 - 3).silu() },
    Row("mish()", [[5]]) { ($0[0] * 3 - 3).mish() },
    Row("softplus(beta:threshold:)", [[5]]) { ($0[0] * 3 - 3).softplus(beta: 2, threshold: 3) },
    Row("logSigmoid()", [[5]]) { ($0[0] * 3 - 3).logSigmoid() },
    Row("softsign()", [[5]]) { ($0[0] * 3 - 3).softsign() },
    Row("tanhshrink()", [[5]]) { ($0[0] * 3 - 3).tanhshrink() },
    Row("glu(dimension:)", [[2, 4]]) { ($0[0] * 3 - 3).glu() },
    Row("elu(alpha:)", [[5]]) { ($0[0] * 3 - 3).elu(alpha: 0.7).squared() },
    Row("celu(alpha:)", [[5]]) { ($0[0] * 3 - 3).celu(alpha: 0.7).squared() },
    Row("selu()", [[5]]) { ($0[0] * 3 - 3).selu().squared() },
    Row("leakyReLU(negativeSlope:)", [[5]]) {
      ($0[0] * 3 - 3).leakyReLU(negativeSlope: 0.2).squared()
    },
    Row("prelu(_:)", [[2, 3, 2], [3]]) { ($0[0] * 3 - 3).prelu($0[1]).squared() },
    Row("rrelu(lower:upper:training:generator:)", [[5]]) {
      ($0[0] * 3 - 3).rrelu(training: true, generator: Generator(seed: 3)).squared()
    },
    Row("threshold(_:_:)", [[5]]) { ($0[0] * 3 - 3).threshold(0.3, 2).squared() },
    Row("hardtanh(_:_:)", [[5]]) { ($0[0] * 3 - 3).hardtanh().squared() },
    Row("relu6()", [[5]]) { ($0[0] * 9 - 3).relu6().squared() },
    Row("hardsigmoid()", [[5]]) { ($0[0] * 9 - 9).hardsigmoid().squared() },
    Row("hardswish()", [[5]]) { ($0[0] * 9 - 9).hardswish().squared() },
    Row("hardshrink(_:)", [[5]]) { ($0[0] * 3 - 3).hardshrink().squared() },
    Row("softshrink(_:)", [[5]]) { ($0[0] * 3 - 3).softshrink().squared() },
  ]
}

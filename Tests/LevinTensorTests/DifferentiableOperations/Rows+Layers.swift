import LevinTensor

// Functions of layers.

extension DifferentiableOperation {
  static let convolutions: [Row] = [
    Row("conv1d(weight:bias:stride:padding:dilation:groups:)", [[2, 5], [2, 2, 4]]) {
      $0[0].conv1d(weight: $0[1], padding: .same)
    },
    Row(
      "conv2d(weight:bias:stride:padding:dilation:groups:)", [[1, 2, 4, 3], [2, 1, 2, 2], [2]]
    ) {
      $0[0].conv2d(
        weight: $0[1], bias: $0[2], stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2)
    },
    Row(
      "conv3d(weight:bias:stride:padding:dilation:groups:)", [[1, 1, 2, 2, 2], [1, 1, 2, 2, 2]]
    ) {
      $0[0].conv3d(weight: $0[1], stride: 2, padding: 1)
    },
    Row(
      "convTranspose1d(weight:bias:stride:padding:outputPadding:groups:dilation:)",
      [[1, 2, 3], [2, 1, 2]]
    ) { $0[0].convTranspose1d(weight: $0[1], stride: 2, outputPadding: 1) },
    Row(
      "convTranspose2d(weight:bias:stride:padding:outputPadding:groups:dilation:)",
      [[1, 2, 2, 2], [2, 1, 3, 2], [2]]
    ) {
      $0[0].convTranspose2d(
        weight: $0[1], bias: $0[2], stride: [2, 3], padding: 1, outputPadding: [1, 2], groups: 2)
    },
    Row(
      "convTranspose3d(weight:bias:stride:padding:outputPadding:groups:dilation:)",
      [[1, 1, 2, 1, 2], [1, 1, 2, 2, 1]]
    ) { $0[0].convTranspose3d(weight: $0[1], dilation: 2) },
  ]

  static let pooling: [Row] = [
    Row("maxPool1d(kernelSize:stride:padding:dilation:ceilMode:)", [[1, 9]]) {
      $0[0].maxPool1d(kernelSize: 4, stride: 3, dilation: 2).squared()
    },
    Row(several: "maxPool1dWithIndices(kernelSize:stride:padding:dilation:ceilMode:)", [[1, 6]]) {
      [$0[0].maxPool1dWithIndices(kernelSize: 2).values.squared()]
    },
    Row("maxPool2d(kernelSize:stride:padding:dilation:ceilMode:)", [[1, 1, 4, 5]]) {
      $0[0].maxPool2d(kernelSize: [3, 2], stride: 2, padding: 1, ceilMode: true).squared()
    },
    Row("maxPool2dWithIndices(kernelSize:stride:padding:dilation:ceilMode:)", [[1, 4, 4]]) {
      $0[0].maxPool2dWithIndices(kernelSize: 2).values.squared()
    },
    Row("adaptiveMaxPool1d(outputSize:)", [[1, 5]]) {
      $0[0].adaptiveMaxPool1d(outputSize: 2).values.squared()
    },
    Row("adaptiveMaxPool2d(outputSize:)", [[1, 1, 4, 3]]) {
      $0[0].adaptiveMaxPool2d(outputSize: [2, nil]).values.squared()
    },
    Row("avgPool1d(kernelSize:stride:padding:ceilMode:countIncludePad:)", [[1, 5]]) {
      $0[0].avgPool1d(kernelSize: 4, padding: 2).squared()
    },
    Row(
      "avgPool2d(kernelSize:stride:padding:ceilMode:countIncludePad:divisorOverride:)",
      [[1, 1, 4, 5]]
    ) {
      $0[0].avgPool2d(
        kernelSize: 3, stride: 2, padding: 1, ceilMode: true, countIncludePad: false
      ).squared()
    },
    Row("adaptiveAvgPool1d(outputSize:)", [[1, 5]]) {
      $0[0].adaptiveAvgPool1d(outputSize: 2).squared()
    },
    Row("adaptiveAvgPool2d(outputSize:)", [[1, 1, 4, 5]]) {
      $0[0].adaptiveAvgPool2d(outputSize: [3, 4]).squared()
    },
  ]

  static let normalizations: [Row] = [
    Row("batchNorm(weight:bias:epsilon:)", [[2, 2, 2, 1], [2], [2]]) {
      $0[0].batchNorm(weight: $0[1], bias: $0[2], epsilon: 0.1).output
    },
    Row("batchNorm(weight:bias:epsilon:)", [[2, 2, 2, 1]]) { $0[0].batchNorm().output },
    Row("batchNorm(mean:variance:weight:bias:epsilon:)", [[2, 2, 2, 1], [2], [2]]) {
      $0[0].batchNorm(
        mean: Tensor([0.1, -0.2]), variance: Tensor([0.5, 2]), weight: $0[1], bias: $0[2])
    },
    Row("layerNorm(_:weight:bias:epsilon:)", [[2, 3, 2], [3, 2], [3, 2]]) {
      $0[0].layerNorm([3, 2], weight: $0[1], bias: $0[2], epsilon: 0.1)
    },
    Row("rmsNorm(_:weight:epsilon:)", [[2, 3], [3]]) { $0[0].rmsNorm([3], weight: $0[1]) },
    Row("groupNorm(_:weight:bias:epsilon:)", [[2, 4, 2], [4], [4]]) {
      $0[0].groupNorm(2, weight: $0[1], bias: $0[2], epsilon: 0.1)
    },
    Row("instanceNorm(mean:variance:weight:bias:epsilon:)", [[1, 2, 4]]) {
      $0[0].instanceNorm(epsilon: 0.1)
    },
    Row("instanceNorm(mean:variance:weight:bias:epsilon:)", [[1, 2, 2], [2], [2]]) {
      $0[0].instanceNorm(mean: $0[1], variance: $0[2])
    },
    Row("localResponseNorm(_:alpha:beta:k:)", [[1, 4, 2]]) {
      $0[0].localResponseNorm(3, alpha: 0.5, beta: 0.6)
    },
  ]

  static let layers: [Row] = [
    Row("dropout(_:generator:)", [[2, 3, 2]]) {
      $0[0].dropout(0.4, generator: Generator(seed: 5)).squared()
    },
    Row("dropout2d(_:generator:)", [[2, 3, 2]]) {
      $0[0].dropout2d(0.4, generator: Generator(seed: 5)).squared()
    },
    Row("embedding(_:paddingIndex:maxNorm:normOrder:scalesByFrequency:)", [[3, 2]]) {
      $0[0].embedding(Tensor([0, 2, 2] as [Int64])).squared()
    },
    Row("bilinear(_:weight:bias:)", [[2, 2], [2, 3], [2, 2, 3], [2]]) {
      $0[0].bilinear($0[1], weight: $0[2], bias: $0[3])
    },
    Row("interpolated(to:mode:alignCorners:antialias:)", [[1, 1, 3, 3]]) {
      $0[0].interpolated(to: [4, 2], mode: .bicubic).squared()
    },
    Row("interpolated(by:mode:alignCorners:antialias:recomputesFactors:)", [[1, 2, 3]]) {
      $0[0].interpolated(by: [1.5], mode: .linear).squared()
    },
    Row(
      "scaledDotProductAttention(keys:values:mask:isCausal:scale:groupsQueries:)",
      [[2, 3], [4, 3], [4, 2]]
    ) { $0[0].scaledDotProductAttention(keys: $0[1], values: $0[2]) },
  ]
}

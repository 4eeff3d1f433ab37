import LevinNN
import LevinTensor

var layerCases: [Case] {
  linearCases + convolutionCases + poolingCases + normalizationCases + activationCases
    + paddingCases + otherCases
}

private var linearCases: [Case] {
  [
    Case("Linear", Linear(5, 4), 5),
    Case("Linear without bias", Linear(5, 4, bias: false), 5),
    Case("Linear of rank 4", Linear(5, 4), 2, 3, 5),
    Case("Linear of rank 3 without bias", Linear(5, 4, bias: false), 3, 5),
    Case("Linear with ReLU", Sequential(Linear(5, 4), ReLU(), Linear(4, 3), ReLU()), 5),
    Case("Linear of rank 3 with ReLU", Sequential(Linear(5, 4), ReLU()), 2, 5),
    Case("Linear without batch", Linear(5, 4), 5, isBatched: false),
    Case("Identity", Identity(), 3),
    {
      let layer = Bilinear(3, 4, 5)
      return Case("Bilinear", layer, [.numbers([3]), .numbers([4])]) { [layer($0[0], $0[1])] }
    }(),
    {
      let layer = Bilinear(3, 4, 5, bias: false)
      return Case("Bilinear of rank 3", layer, [.numbers([2, 3]), .numbers([2, 4])]) {
        [layer($0[0], $0[1])]
      }
    }(),
    Case("weightNorm", weightNorm(Linear(5, 4)), 5),
    Case("spectralNorm", spectralNorm(Conv2d(2, 3, kernelSize: 3)), 2, 5, 5),
  ]
}

private var convolutionCases: [Case] {
  [
    Case("Conv1d", Conv1d(4, 6, kernelSize: 3, stride: 2, padding: 1, dilation: 2), 4, 11),
    Case("Conv2d", Conv2d(4, 6, kernelSize: [3, 2], stride: [2, 1], padding: [1, 0]), 4, 9, 8),
    Case("Conv2d grouped", Conv2d(4, 6, kernelSize: 3, dilation: [1, 2], groups: 2), 4, 9, 8),
    Case("Conv2d depthwise", Conv2d(4, 4, kernelSize: 3, groups: 4, bias: false), 4, 6, 6),
    Case("Conv2d same", Conv2d(4, 2, kernelSize: [4, 3], padding: .same, dilation: 2), 4, 9, 8),
    Case("Conv2d valid", Conv2d(4, 2, kernelSize: 3, padding: .valid), 4, 6, 6),
    Case(
      "Conv2d reflect", Conv2d(2, 2, kernelSize: 3, padding: [1, 2], paddingMode: .reflect), 2, 6,
      6),
    Case(
      "Conv2d replicate", Conv2d(2, 2, kernelSize: 3, padding: .same, paddingMode: .replicate), 2,
      6, 6),
    Case(
      "Conv2d circular", Conv2d(2, 2, kernelSize: 3, padding: 1, paddingMode: .circular), 2, 6, 6),
    Case("Conv3d", Conv3d(2, 4, kernelSize: [2, 3, 3], padding: [0, 1, 1]), 2, 4, 5, 6),
    Case("Conv2d without batch", Conv2d(2, 3, kernelSize: 3), 2, 6, 6, isBatched: false),
    Case(
      "ConvTranspose1d", ConvTranspose1d(4, 6, kernelSize: 3, stride: 2, padding: 1), 4, 7),
    Case(
      "ConvTranspose2d",
      ConvTranspose2d(
        4, 6, kernelSize: 3, stride: [2, 3], padding: 1, outputPadding: 1, groups: 2, dilation: 2),
      4, 5, 4),
    Case(
      "ConvTranspose2d without bias", ConvTranspose2d(4, 2, kernelSize: 2, bias: false), 4, 5, 4),
    Case("ConvTranspose3d", ConvTranspose3d(2, 3, kernelSize: 2, stride: 2), 2, 3, 3, 3),
    Case(
      "Unfold", Unfold(kernelSize: [2, 3], dilation: [2, 1], padding: [1, 0], stride: [1, 2]), 3, 6,
      7),
    Case(
      "Fold",
      Fold(
        outputSize: [5, 6], kernelSize: [2, 3], dilation: [2, 1], padding: [1, 0], stride: [1, 2]),
      12, 10),
  ]
}

private var poolingCases: [Case] {
  [
    Case("MaxPool1d", MaxPool1d(kernelSize: 3, stride: 2, padding: 1, dilation: 2), 3, 11),
    Case("MaxPool2d", MaxPool2d(kernelSize: [3, 2], stride: 2, padding: 1), 3, 8, 9),
    Case("MaxPool2d ceiled", MaxPool2d(kernelSize: 3, stride: 2, ceilMode: true), 3, 8, 8),
    Case(
      "MaxPool2d ceiled padded", MaxPool2d(kernelSize: 3, stride: 2, padding: 1, ceilMode: true), 3,
      8, 7),
    Case("MaxPool2d without batch", MaxPool2d(kernelSize: 2), 3, 8, 8, isBatched: false),
    Case("AvgPool1d", AvgPool1d(kernelSize: 3, stride: 2, padding: 1), 3, 10),
    Case(
      "AvgPool1d ceiled", AvgPool1d(kernelSize: 3, stride: 2, padding: 1, ceilMode: true), 3, 10),
    Case("AvgPool2d", AvgPool2d(kernelSize: [3, 2], stride: 2, padding: 1), 3, 8, 9),
    Case(
      "AvgPool2d without padding", AvgPool2d(kernelSize: 3, padding: 1, countIncludePad: false), 3,
      8, 8),
    Case(
      "AvgPool2d ceiled", AvgPool2d(kernelSize: 3, stride: 2, padding: 1, ceilMode: true), 3, 8, 8),
    Case(
      "AvgPool2d ceiled without padding",
      AvgPool2d(kernelSize: 3, stride: 2, padding: 1, ceilMode: true, countIncludePad: false), 3, 8,
      8),
    Case("AvgPool2d divided", AvgPool2d(kernelSize: 2, padding: 1, divisorOverride: 3), 3, 8, 8),
    Case(
      "AvgPool2d ceiled divided",
      AvgPool2d(kernelSize: 3, stride: 2, ceilMode: true, divisorOverride: 5), 3, 8, 8),
    Case("AdaptiveAvgPool1d", AdaptiveAvgPool1d(4), 3, 10),
    Case("AdaptiveAvgPool2d 1", AdaptiveAvgPool2d(1), 3, 5, 7),
    Case("AdaptiveAvgPool2d even", AdaptiveAvgPool2d([2, 4]), 3, 6, 8),
    Case("AdaptiveAvgPool2d odd", AdaptiveAvgPool2d([3, nil]), 3, 7, 5),
    Case("AdaptiveAvgPool2d larger", AdaptiveAvgPool2d(7), 3, 2, 3),
    Case("AdaptiveMaxPool1d", AdaptiveMaxPool1d(4), 3, 10),
    Case("AdaptiveMaxPool2d 1", AdaptiveMaxPool2d(1), 3, 5, 7),
    Case("AdaptiveMaxPool2d even", AdaptiveMaxPool2d([2, 4]), 3, 6, 8),
    Case("AdaptiveMaxPool2d odd", AdaptiveMaxPool2d([3, nil]), 3, 7, 5),
    Case(
      "AdaptiveAvgPool2d without batch", AdaptiveAvgPool2d([3, 2]), 3, 7, 5, isBatched: false),
  ]
}

private var normalizationCases: [Case] {
  [
    Case("BatchNorm1d", BatchNorm1d(4, epsilon: 0.1), 4),
    Case("BatchNorm1d of rank 3", BatchNorm1d(4), 4, 5),
    Case("BatchNorm2d", BatchNorm2d(4), 4, 3, 3),
    Case("BatchNorm2d plain", BatchNorm2d(4, affine: false), 4, 3, 3),
    Case("LayerNorm", LayerNorm(6), 4, 6),
    Case("LayerNorm of two", LayerNorm([4, 6], epsilon: 0.1), 4, 6),
    Case("LayerNorm without bias", LayerNorm(6, bias: false), 4, 6),
    Case("LayerNorm plain", LayerNorm(6, elementwiseAffine: false), 6),
    Case("RMSNorm", RMSNorm(6), 4, 6),
    Case("RMSNorm of two", RMSNorm([4, 6], epsilon: 0.1), 4, 6),
    Case("RMSNorm plain", RMSNorm(6, elementwiseAffine: false), 4, 6),
    Case("GroupNorm", GroupNorm(2, 4), 4, 5, 3),
    Case("GroupNorm of rank 2", GroupNorm(2, 4), 4),
    Case("GroupNorm plain", GroupNorm(4, 4, epsilon: 0.1, affine: false), 4, 5),
    Case("InstanceNorm1d", InstanceNorm1d(4), 4, 5),
    Case("InstanceNorm2d", InstanceNorm2d(4, affine: true), 4, 5, 3),
    Case("InstanceNorm3d", InstanceNorm3d(4, epsilon: 0.1), 4, 2, 3, 3),
    Case("InstanceNorm2d without batch", InstanceNorm2d(4), 4, 5, 3, isBatched: false),
    Case(
      "InstanceNorm2d tracked", InstanceNorm2d(4, affine: true, trackRunningStats: true), 4, 5, 3),
    Case("LocalResponseNorm", LocalResponseNorm(3, alpha: 0.1, beta: 0.6, k: 1.5), 6, 4, 4),
    Case("LocalResponseNorm even", LocalResponseNorm(4, alpha: 0.1), 6, 5),
  ]
}

private var activationCases: [Case] {
  let layers: [(String, Layer)] = [
    ("ReLU", ReLU()), ("ReLU6", ReLU6()), ("LeakyReLU", LeakyReLU()),
    ("LeakyReLU 0.2", LeakyReLU(negativeSlope: 0.2)), ("ELU", ELU()), ("ELU 0.7", ELU(alpha: 0.7)),
    ("CELU", CELU()), ("CELU 0.7", CELU(alpha: 0.7)), ("SELU", SELU()), ("GELU", GELU()),
    ("GELU tanh", GELU(approximate: .tanh)), ("SiLU", SiLU()), ("Mish", Mish()),
    ("Softplus", Softplus()), ("Softplus 2 1", Softplus(beta: 2, threshold: 1)),
    ("Softsign", Softsign()), ("Tanhshrink", Tanhshrink()), ("Tanh", Tanh()),
    ("Sigmoid", Sigmoid()), ("LogSigmoid", LogSigmoid()), ("Hardtanh", Hardtanh()),
    ("Hardtanh -2 1", Hardtanh(minimum: -2, maximum: 1)), ("Hardsigmoid", Hardsigmoid()),
    ("Hardswish", Hardswish()), ("Hardshrink", Hardshrink()),
    ("Hardshrink 0.2", Hardshrink(lambda: 0.2)), ("Softshrink", Softshrink()),
    ("Softshrink 0.2", Softshrink(lambda: 0.2)),
    ("Threshold", Threshold(threshold: 0.1, value: 20)), ("PReLU", PReLU()), ("PReLU 4", PReLU(4)),
    ("RReLU", RReLU()), ("Softmax", Softmax(dimension: 1)),
    ("Softmax last", Softmax(dimension: -1)),
    ("LogSoftmax", LogSoftmax(dimension: -1)), ("Softmin", Softmin(dimension: 1)),
    ("Softmax2d", Softmax2d()), ("GLU", GLU(dimension: 1)), ("Dropout", Dropout(0.5)),
    ("Dropout2d", Dropout2d(0.5)),
  ]
  return layers.map { Case($0, $1, 4, 5, 6) } + [Case("PReLU of rank 2", PReLU(4), 4)]
}

private var paddingCases: [Case] {
  [
    Case("ZeroPad1d", ZeroPad1d([1, 2]), 3, 5),
    Case("ZeroPad2d", ZeroPad2d([1, 2, 3, 0]), 3, 5, 5),
    Case("ZeroPad3d", ZeroPad3d(1), 2, 3, 3, 3),
    Case("ZeroPad2d negative", ZeroPad2d([1, -2, -1, 0]), 3, 5, 5),
    Case("ReflectionPad1d", ReflectionPad1d([1, 2]), 3, 5),
    Case("ReflectionPad2d", ReflectionPad2d([1, 2, 3, 0]), 3, 5, 5),
    Case("ReflectionPad3d", ReflectionPad3d(1), 2, 3, 3, 3),
    Case("ReplicationPad1d", ReplicationPad1d([1, 2]), 3, 5),
    Case("ReplicationPad2d", ReplicationPad2d([1, 2, 3, 0]), 3, 5, 5),
    Case("ReplicationPad3d", ReplicationPad3d(1), 2, 3, 3, 3),
    Case("CircularPad1d", CircularPad1d([1, 2]), 3, 5),
    Case("CircularPad2d", CircularPad2d([1, 2, 3, 0]), 3, 5, 5),
    Case("CircularPad3d", CircularPad3d(1), 2, 3, 3, 3),
    Case("ConstantPad1d", ConstantPad1d([1, -2], 3.5), 3, 5),
    Case("ConstantPad2d", ConstantPad2d(2, 3.5), 3, 5, 5),
    Case("ConstantPad3d", ConstantPad3d(1, 3.5), 2, 3, 3, 3),
  ]
}

private var otherCases: [Case] {
  func embedding(_ name: String, _ layer: Embedding) -> Case {
    Case(name, layer, [.indices([4], below: 7)]) { [layer($0[0])] }
  }
  let upsamples: [(String, Upsample)] = [
    ("Upsample nearest", Upsample(scaleFactor: 2)),
    ("Upsample nearest 1.5", Upsample(scaleFactor: 1.5)),
    ("Upsample nearest to a size", Upsample(size: [9, 4])),
    ("Upsample nearest-exact", Upsample(size: [9, 4], mode: .nearestExact)),
    ("Upsample bilinear", Upsample(scaleFactor: 2, mode: .bilinear)),
    ("Upsample bilinear 1.5", Upsample(scaleFactor: 1.5, mode: .bilinear)),
    ("Upsample bilinear to a size", Upsample(size: [9, 4], mode: .bilinear)),
    ("Upsample bilinear corners", Upsample(size: [9, 4], mode: .bilinear, alignCorners: true)),
    ("Upsample bicubic", Upsample(scaleFactor: 2, mode: .bicubic)),
    ("Upsample bicubic to a size", Upsample(size: [9, 4], mode: .bicubic)),
    ("Upsample bicubic corners", Upsample(size: [9, 4], mode: .bicubic, alignCorners: true)),
    ("Upsample area", Upsample(size: [3, 2], mode: .area)),
  ]
  let cosine = CosineSimilarity(), distance = PairwiseDistance()
  return upsamples.map { Case($0, $1, 2, 5, 6) } + [
    Case("Upsample linear", Upsample(size: [11], mode: .linear), 2, 5),
    Case("Upsample trilinear", Upsample(scaleFactor: 2, mode: .trilinear), 2, 3, 4, 3),
    embedding("Embedding", Embedding(7, 3)),
    embedding("Embedding padding", Embedding(7, 3, paddingIndex: 2)),
    embedding("Embedding norm", Embedding(7, 3, maxNorm: 0.5)),
    embedding("Embedding norm 3", Embedding(7, 3, maxNorm: 0.5, normOrder: 3)),
    Case("Flatten", Flatten(), 3, 4, 5),
    Case("Flatten middle", Flatten(from: 1, through: 2), 3, 4, 5),
    Case("Flatten of rank 2", Flatten(), 4), Case("Unflatten", Unflatten(1, [2, -1]), 6, 3),
    Case("PixelShuffle", PixelShuffle(2), 8, 3, 4),
    Case("PixelUnshuffle", PixelUnshuffle(3), 2, 6, 9),
    Case("ChannelShuffle", ChannelShuffle(2), 6, 3, 4),
    Case("CosineSimilarity", cosine, [.numbers([5]), .numbers([5])]) { [cosine($0[0], $0[1])] },
    Case("PairwiseDistance", distance, [.numbers([5]), .numbers([5])]) { [distance($0[0], $0[1])] },
  ]
}

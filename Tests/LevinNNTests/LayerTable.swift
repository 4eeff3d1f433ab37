import LevinNN
import LevinTensor

/// From the names in scripts/golden/make_layers.py to layers: a module, and its call.
typealias MadeLayer = @Sendable () -> (Module, ([Tensor]) -> Tensor)

let layerTable: [String: MadeLayer] = [one, weighted, two, three].reduce(into: [:]) {
  $0.merge($1) { $1 }
}

private var weights5: Tensor { Tensor([0.5, 1, 2, 0.25, 1.5] as [Float]) }

private protocol OneInput: Module { func callAsFunction(_ a: Tensor) -> Tensor }
private protocol TwoInputs: Module { func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor }
private protocol ThreeInputs: Module {
  func callAsFunction(_ a: Tensor, _ b: Tensor, _ c: Tensor) -> Tensor
}
extension Layer: OneInput {}
extension Loss: TwoInputs {}
extension Bilinear: TwoInputs {}
extension CosineSimilarity: TwoInputs {}
extension PairwiseDistance: TwoInputs {}
extension CosineEmbeddingLoss: ThreeInputs {}
extension GaussianNLLLoss: ThreeInputs {}
extension MarginRankingLoss: ThreeInputs {}
extension TripletMarginLoss: ThreeInputs {}
extension TripletMarginWithDistanceLoss: ThreeInputs {}

private func of(_ make: @escaping @Sendable () -> some OneInput) -> MadeLayer {
  {
    let module = make()
    return (module, { module($0[0]) })
  }
}
private func of(_ make: @escaping @Sendable () -> some TwoInputs) -> MadeLayer {
  {
    let module = make()
    return (module, { module($0[0], $0[1]) })
  }
}
private func of(_ make: @escaping @Sendable () -> some ThreeInputs) -> MadeLayer {
  {
    let module = make()
    return (module, { module($0[0], $0[1], $0[2]) })
  }
}

private var one: [String: MadeLayer] {
  [
    "ReLU": of { ReLU() },
    "ReLU6": of { ReLU6() },
    "LeakyReLU": of { LeakyReLU() },
    "ELU": of { ELU() },
    "CELU": of { CELU() },
    "SELU": of { SELU() },
    "GELU": of { GELU() },
    "SiLU": of { SiLU() },
    "Mish": of { Mish() },
    "Softplus": of { Softplus() },
    "Softsign": of { Softsign() },
    "Tanhshrink": of { Tanhshrink() },
    "Tanh": of { Tanh() },
    "Sigmoid": of { Sigmoid() },
    "LogSigmoid": of { LogSigmoid() },
    "Hardtanh": of { Hardtanh() },
    "Hardsigmoid": of { Hardsigmoid() },
    "Hardswish": of { Hardswish() },
    "Hardshrink": of { Hardshrink() },
    "Softshrink": of { Softshrink() },
    "Identity": of { Identity() },
    "GELU tanh": of { GELU(approximate: .tanh) },
    "ELU 0.7": of { ELU(alpha: 0.7) },
    "CELU 0.7": of { CELU(alpha: 0.7) },
    "LeakyReLU 0.2": of { LeakyReLU(negativeSlope: 0.2) },
    "Softplus 2 1": of { Softplus(beta: 2, threshold: 1) },
    "Threshold": of { Threshold(threshold: 0.1, value: 20) },
    "Hardtanh -2 1": of { Hardtanh(minimum: -2, maximum: 1) },
    "PReLU": of { PReLU() },
    "PReLU 4": of { PReLU(4) },
    "RReLU evaluation": of { RReLU() },
    "RReLU": of { RReLU() },
    "Softmax": of { Softmax(dimension: 1) },
    "LogSoftmax": of { LogSoftmax(dimension: -1) },
    "Softmin": of { Softmin(dimension: 1) },
    "Softmax2d": of { Softmax2d() },
    "GLU": of { GLU(dimension: 1) },
    "LayerNorm": of { LayerNorm(6) },
    "LayerNorm [4, 6]": of { LayerNorm([4, 6]) },
    "LayerNorm without bias": of { LayerNorm(6, epsilon: 0.1, bias: false) },
    "LayerNorm plain": of { LayerNorm(6, elementwiseAffine: false) },
    "RMSNorm": of { RMSNorm(6) },
    "RMSNorm [4, 6]": of { RMSNorm([4, 6], epsilon: 0.1) },
    "GroupNorm": of { GroupNorm(2, 4) },
    "GroupNorm plain": of { GroupNorm(4, 4, affine: false) },
    "InstanceNorm1d": of { InstanceNorm1d(4) },
    "InstanceNorm2d": of { InstanceNorm2d(4, affine: true) },
    "InstanceNorm3d": of { InstanceNorm3d(4) },
    "InstanceNorm2d unbatched": of { InstanceNorm2d(4) },
    "InstanceNorm1d tracked": of { InstanceNorm1d(4, momentum: 0.3, trackRunningStats: true) },
    "InstanceNorm2d tracked": of { InstanceNorm2d(4, affine: true, trackRunningStats: true) },
    "InstanceNorm1d untouched": of { InstanceNorm1d(4, momentum: nil, trackRunningStats: true) },
    "InstanceNorm1d evaluated": of {
      let layer = InstanceNorm1d(4, affine: true, trackRunningStats: true)
      _ = layer(Tensor((0..<48).map { Float($0 % 7) }, shape: [2, 4, 6]))
      return layer
    },
    "LocalResponseNorm": of { LocalResponseNorm(3, alpha: 0.1, beta: 0.6, k: 1.5) },
    "Embedding": of { Embedding(7, 3) },
    "Embedding padding": of { Embedding(7, 3, paddingIndex: 2) },
    "Embedding frequency": of { Embedding(7, 3, scalesByFrequency: true) },
    "Embedding norm": of { Embedding(7, 3, maxNorm: 1) },
    "ZeroPad1d": of { ZeroPad1d([1, 2]) },
    "ZeroPad2d": of { ZeroPad2d([1, 2, 3, 0]) },
    "ZeroPad3d": of { ZeroPad3d(1) },
    "ReflectionPad1d": of { ReflectionPad1d([1, 2]) },
    "ReflectionPad2d": of { ReflectionPad2d([1, 2, 3, 0]) },
    "ReflectionPad3d": of { ReflectionPad3d(1) },
    "ReplicationPad1d": of { ReplicationPad1d([1, 2]) },
    "ReplicationPad2d": of { ReplicationPad2d([1, 2, 3, 0]) },
    "ReplicationPad3d": of { ReplicationPad3d(1) },
    "CircularPad1d": of { CircularPad1d([1, 2]) },
    "CircularPad2d": of { CircularPad2d([1, 2, 3, 0]) },
    "CircularPad3d": of { CircularPad3d(1) },
    "ConstantPad1d": of { ConstantPad1d([1, -2], 3.5) },
    "ConstantPad2d": of { ConstantPad2d(2, 3.5) },
    "ConstantPad3d": of { ConstantPad3d(1, 3.5) },
    "Upsample nearest": of { Upsample(scaleFactor: 2) },
    "Upsample bilinear": of { Upsample(scaleFactor: 1.5, mode: .bilinear) },
    "Upsample corners": of { Upsample(size: [9, 4], mode: .bilinear, alignCorners: true) },
    "Upsample bicubic": of { Upsample(size: [9, 4], mode: .bicubic) },
    "Upsample linear": of { Upsample(size: [11], mode: .linear) },
    "PixelShuffle": of { PixelShuffle(2) },
    "PixelUnshuffle": of { PixelUnshuffle(3) },
    "ChannelShuffle": of { ChannelShuffle(2) },
    "Unfold": of {
      Unfold(kernelSize: [2, 3], dilation: [2, 1], padding: [1, 0], stride: [1, 2])
    },
    "Fold": of {
      Fold(
        outputSize: [5, 6], kernelSize: [2, 3], dilation: [2, 1], padding: [1, 0], stride: [1, 2])
    },
    "Unflatten": of { Unflatten(1, [2, -1]) },
  ]
}

private var weighted: [String: MadeLayer] {
  [
    "Conv2d zeros": of { Conv2d(4, 3, kernelSize: 3, padding: [1, 2]) },
    "Conv2d reflect": of {
      Conv2d(4, 3, kernelSize: 3, padding: [1, 2], paddingMode: .reflect)
    },
    "Conv2d replicate": of {
      Conv2d(4, 3, kernelSize: 3, padding: [1, 2], paddingMode: .replicate)
    },
    "Conv2d circular": of {
      Conv2d(4, 3, kernelSize: 3, padding: [1, 2], paddingMode: .circular)
    },
    "Conv1d circular same": of {
      Conv1d(4, 6, kernelSize: 4, padding: .same, groups: 2, paddingMode: .circular)
    },
    "Conv2d reflect same": of {
      Conv2d(
        4, 2, kernelSize: [2, 3], padding: .same, dilation: [1, 2], bias: false,
        paddingMode: .reflect)
    },
    "Conv3d": of { Conv3d(2, 3, kernelSize: 2, stride: [1, 2, 1], padding: 1) },
    "Conv3d replicate": of {
      Conv3d(2, 3, kernelSize: [1, 2, 3], padding: [0, 1, 1], paddingMode: .replicate)
    },
    "ConvTranspose1d": of { ConvTranspose1d(4, 3, kernelSize: 3, stride: 2, outputPadding: 1) },
    "ConvTranspose3d": of { ConvTranspose3d(2, 2, kernelSize: 2, stride: 2, padding: 1) },
    "MaxPool1d": of { MaxPool1d(kernelSize: 3, stride: 2, padding: 1) },
    "MaxPool2d": of { MaxPool2d(kernelSize: [3, 2], stride: 2, ceilMode: true) },
    "AvgPool1d": of { AvgPool1d(kernelSize: 4, stride: 1, padding: 2, countIncludePad: false) },
    "AvgPool2d": of { AvgPool2d(kernelSize: 3, stride: 2, divisorOverride: 5) },
    "Linear leading": of { Linear(6, 3) },
    "weightNorm Linear": of { weightNorm(Linear(6, 3)) },
    "weightNorm Conv2d 1": of { weightNorm(Conv2d(4, 3, kernelSize: 3), dimension: 1) },
    "weightNorm whole": of { weightNorm(Linear(6, 3), dimension: nil) },
    "spectralNorm Conv2d": of { spectralNorm(Conv2d(4, 3, kernelSize: 3)) },
    "spectralNorm ConvTranspose2d": of {
      spectralNorm(ConvTranspose2d(4, 3, kernelSize: 3), powerIterations: 2)
    },
    "spectralNorm evaluation": of { spectralNorm(Linear(6, 3)) },
  ]
}

private var two: [String: MadeLayer] {
  [
    "Bilinear": of { Bilinear(3, 4, 5) },
    "CosineSimilarity": of { CosineSimilarity() },
    "PairwiseDistance": of { PairwiseDistance() },
    "PairwiseDistance 3": of { PairwiseDistance(p: 3, keepDimension: true) },
    "CrossEntropyLoss": of { CrossEntropyLoss() },
    "CrossEntropyLoss weight": of { CrossEntropyLoss(weight: weights5) },
    "CrossEntropyLoss smoothing": of { CrossEntropyLoss(weight: weights5, labelSmoothing: 0.1) },
    "CrossEntropyLoss smoothing sum": of { CrossEntropyLoss(reduction: .sum, labelSmoothing: 0.1) },
    "CrossEntropyLoss none": of { CrossEntropyLoss(reduction: .none) },
    "CrossEntropyLoss ignore": of { CrossEntropyLoss(ignoreIndex: 1) },
    "CrossEntropyLoss probabilities": of { CrossEntropyLoss() },
    "CrossEntropyLoss probabilities weight": of {
      CrossEntropyLoss(weight: weights5, labelSmoothing: 0.2)
    },
    "CrossEntropyLoss unbatched": of { CrossEntropyLoss() },
    "NLLLoss": of { NLLLoss(weight: weights5) },
    "NLLLoss sum": of { NLLLoss(reduction: .sum) },
    "MSELoss mean": of { MSELoss() },
    "MSELoss sum": of { MSELoss(reduction: .sum) },
    "MSELoss none": of { MSELoss(reduction: .none) },
    "L1Loss": of { L1Loss() },
    "SmoothL1Loss": of { SmoothL1Loss() },
    "SmoothL1Loss 0.5": of { SmoothL1Loss(beta: 0.5) },
    "HuberLoss": of { HuberLoss() },
    "HuberLoss 0.5": of { HuberLoss(delta: 0.5) },
    "KLDivLoss": of { KLDivLoss() },
    "KLDivLoss batchmean": of { KLDivLoss(reduction: .batchMean) },
    "KLDivLoss log": of { KLDivLoss(logTarget: true, reduction: .sum) },
    "PoissonNLLLoss": of { PoissonNLLLoss() },
    "PoissonNLLLoss full": of { PoissonNLLLoss(logInput: false, full: true) },
    "BCELoss": of { BCELoss() },
    "BCELoss ends": of { BCELoss(reduction: .none) },
    "BCEWithLogitsLoss": of { BCEWithLogitsLoss() },
    "BCEWithLogitsLoss weights": of {
      BCEWithLogitsLoss(weight: weights5, positiveWeight: weights5.flipped(0))
    },
    "SoftMarginLoss": of { SoftMarginLoss() },
    "MultiLabelSoftMarginLoss": of { MultiLabelSoftMarginLoss(weight: weights5) },
    "HingeEmbeddingLoss": of { HingeEmbeddingLoss() },
    "MultiMarginLoss": of { MultiMarginLoss(p: 2, weight: weights5) },
    "MultiLabelMarginLoss": of { MultiLabelMarginLoss() },
  ]
}

private var three: [String: MadeLayer] {
  [
    "GaussianNLLLoss": of { GaussianNLLLoss(full: true) },
    "CosineEmbeddingLoss": of { CosineEmbeddingLoss(margin: 0.1) },
    "MarginRankingLoss": of { MarginRankingLoss(margin: 0.5) },
    "TripletMarginLoss": of { TripletMarginLoss() },
    "TripletMarginLoss swap": of { TripletMarginLoss(margin: 2, p: 1, swap: true) },
    "TripletMarginWithDistanceLoss": of { TripletMarginWithDistanceLoss() },
  ]
}

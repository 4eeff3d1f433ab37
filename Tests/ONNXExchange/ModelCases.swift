import LevinNN
import LevinTensor
import LevinVision

/// Every model family, with fewer blocks or narrower than the published models.
var modelCases: [Case] {
  let residual = [1, 1, 1, 1]
  let basic = ResNet(.basic, residual, numClasses: 5)
  let bottleneck = ResNet(.bottleneck, residual, numClasses: 5)
  let grouped = ResNet(.bottleneck, residual, numClasses: 5, groups: 32, widthPerGroup: 4)
  let dense = DenseNet(growthRate: 8, blockConfig: [2, 3], numInitFeatures: 16, numClasses: 5)
  let mobile = mobilenetV2(numClasses: 5, widthMult: 0.25)
  return [
    Case("LeNet", LeNet(), 1, 28, 28),
    Case("AlexNet", smallAlexNet(), 3, 63, 63),
    Case("VGG", smallVGG(batchNorm: false), 3, 32, 32),
    Case("VGG with batch norm", trained(smallVGG(batchNorm: true), 3, 32, 32), 3, 32, 32),
    Case("ResNet of basic blocks", trained(basic, 3, 40, 40), 3, 40, 40),
    Case("ResNet of bottlenecks", trained(bottleneck, 3, 40, 40), 3, 40, 40),
    Case("ResNeXt", trained(grouped, 3, 40, 40), 3, 40, 40),
    Case("DenseNet", trained(dense, 3, 32, 32), 3, 32, 32),
    Case("MobileNet", trained(mobile, 3, 40, 40), 3, 40, 40),
    Case("SqueezeNet 1.0", squeezenet1x0(numClasses: 5), 3, 41, 41),
    Case("SqueezeNet 1.1", squeezenet1x1(numClasses: 5), 3, 41, 41),
    Case("vision transformer", VisionTransformer(), 3, 16, 16),
  ]
}

private func smallClassifier(_ features: Int) -> Sequential {
  Sequential(Dropout(0.5), Linear(features, 32), ReLU(), Linear(32, 5))
}

private func smallAlexNet() -> AlexNet {
  let model = alexnet(numClasses: 5)
  model.classifier = smallClassifier(256 * 6 * 6)
  return model
}

private func smallVGG(batchNorm: Bool) -> VGG {
  let features = VGG.features([8, nil, 16, nil, 32, nil, 64, nil, 512, nil], batchNorm: batchNorm)
  let model = VGG(features, numClasses: 5, initWeights: false)
  model.classifier = smallClassifier(512 * 7 * 7)
  return model
}

/// A model after some batches in training mode, so that running statistics fit.
private func trained(_ model: Layer, _ shape: Int...) -> Layer {
  withoutGradients { for _ in 0..<2 { _ = model(Tensor.randn(Shape([2] + shape))) } }
  return model
}

/// Patches, a class token, attention and a feed-forward network, as a user would write it.
private final class VisionTransformer: Layer {
  private let patches = Conv2d(3, 16, kernelSize: 4, stride: 4)
  private let token = Parameter(Tensor.randn([1, 1, 16]))
  private let places = Parameter(Tensor.randn([1, 17, 16]))
  private let blocks = Sequential(Block(), Block())
  private let norm = LayerNorm(16)
  private let head = Linear(16, 5)

  override func forward(_ input: Tensor) -> Tensor {
    let pieces = patches(input).flattened(from: 2).transposed(1, 2)
    let first = token.value.expanded(to: [input.shape[0], 1, 16])
    let sequence = Tensor.concatenated([first, pieces], dimension: 1) + places.value
    return head(norm(blocks(sequence))[.all, 0])
  }
}

private final class Block: Layer {
  private let norm1 = LayerNorm(16)
  private let attention = Linear(16, 48)
  private let projection = Linear(16, 16)
  private let norm2 = LayerNorm(16)
  private let network = Sequential(Linear(16, 32), GELU(), Dropout(0.1), Linear(32, 16))

  override func forward(_ input: Tensor) -> Tensor {
    let (batch, length) = (input.shape[0], input.shape[1])
    let parts = attention(norm1(input)).reshaped(to: [batch, length, 3, 4, 4])
      .permuted(2, 0, 3, 1, 4).unbound(0)
    let mixed = parts[0].scaledDotProductAttention(
      keys: parts[1], values: parts[2], isCausal: true)
    let x = input + projection(mixed.transposed(1, 2).reshaped(to: [batch, length, 16]))
    return x + network(norm2(x))
  }
}

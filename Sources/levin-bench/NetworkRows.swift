import Levin

/// What networks of images are made of, and steps of whole ones; `scripts/bench.d/peers/torch_networks.py` has the same rows in
/// PyTorch.
extension OperationRow {
  /// An operation with parameters, and the way back to each of them.
  private static func operation(
    _ name: String, _ inputs: [(name: String, value: Tensor)],
    _ body: @escaping ([Tensor]) -> Tensor
  ) -> [OperationRow] {
    let leaves = inputs.map { $0.value.requiringGradient() }
    let values = inputs.map(\.value)
    let output = body(leaves)
    let gradient = Tensor.rand(output.shape) - 0.5
    return [OperationRow("\(name), forward") { body(values) }]
      + inputs.indices.map { i in
        OperationRow("\(name), \(inputs[i].name)") {
          gradients(
            of: [output], withRespectTo: [leaves[i]], gradients: [gradient], retainGraph: true)[0]
            ?? gradient
        }
      }
  }

  /// Convolutions of 64 images.
  static func convolutions() -> [OperationRow] {
    func row(
      _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1
    ) -> [OperationRow] {
      let x = Tensor.rand([64, inputs, 32, 32]) - 0.5
      let weight = Tensor.rand([outputs, inputs / groups, kernel, kernel]) - 0.5
      return operation(name, [("input gradient", x), ("weight gradient", weight)]) {
        $0[0].conv2d(weight: $0[1], stride: stride, padding: kernel / 2, groups: groups)
      }
    }
    return row("3×3, 64 to 64", 64, 64, kernel: 3)
      + row("1×1, 64 to 256", 64, 256, kernel: 1)
      + row("1×1, 256 to 64", 256, 64, kernel: 1)
      + row("3×3, stride 2, 64 to 128", 64, 128, kernel: 3, stride: 2)
      + row("depthwise 3×3, 64", 64, 64, kernel: 3, groups: 64)
  }

  /// Normalisations, activations and pooling.
  static func layers() -> [OperationRow] {
    let images = Tensor.randn([64, 64, 32, 32])
    let rows = Tensor.randn([4096, 768])
    let (scale, shift) = (Tensor.ones([64]), Tensor.zeros([64]))
    let (weight, bias) = (Tensor.ones([768]), Tensor.zeros([768]))
    return operation("batch norm", [("gradients", images)]) {
      $0[0].batchNorm(weight: scale, bias: shift).output
    }
      + operation("layer norm", [("input gradient", rows), ("weight gradient", weight)]) {
        $0[0].layerNorm([768], weight: $0[1], bias: bias)
      }
      + operation("softmax", [("gradient", rows)]) { $0[0].softmax(dimension: 1) }
      + operation("GELU", [("gradient", rows)]) { $0[0].gelu() }
      + operation("GELU by tanh", [("gradient", rows)]) { $0[0].gelu(approximate: .tanh) }
      + operation("SiLU", [("gradient", rows)]) { $0[0].silu() }
      + operation("ReLU", [("gradient", rows)]) { $0[0].relu() }
      + operation("max pooling 2×2", [("gradient", images)]) { $0[0].maxPool2d(kernelSize: 2) }
      + operation("max pooling 3×3, stride 2", [("gradient", images)]) {
        $0[0].maxPool2d(kernelSize: 3, stride: 2, padding: 1)
      }
  }

  /// Training steps: forward, loss, backward, Adam.
  static func steps() -> [OperationRow] {
    func step(_ name: String, _ model: Layer, _ shape: Shape) -> OperationRow {
      let (images, labels) = (Tensor.rand(shape), Tensor.randint(0..<10, [shape[0]]))
      let optimizer = Adam(model.parameters, learningRate: 1e-3)
      let loss = CrossEntropyLoss()
      return OperationRow(name) {
        optimizer.zeroGradients()
        let value = loss(model(images), labels)
        value.backward()
        optimizer.step()
        return value
      }
    }
    let lenet = Sequential(
      Conv2d(1, 6, kernelSize: 5, padding: 2), ReLU(), MaxPool2d(kernelSize: 2),
      Conv2d(6, 16, kernelSize: 5), ReLU(), MaxPool2d(kernelSize: 2), Flatten(), Linear(400, 120),
      ReLU(), Linear(120, 84), ReLU(), Linear(84, 10))
    return [
      step("LeNet, 64 digits", lenet, [64, 1, 28, 28]),
      step("ResNet-18, 64 images of 32×32", ResNet(), [64, 3, 32, 32]),
    ]
  }
}

/// Two convolutions beside a shortcut (He and others 2015).
private final class ResidualBlock: Layer {
  let conv1: Conv2d
  let bn1: BatchNorm2d
  let conv2: Conv2d
  let bn2: BatchNorm2d
  let downsample: Sequential?

  init(_ inputs: Int, _ outputs: Int, stride: Int) {
    conv1 = Conv2d(inputs, outputs, kernelSize: 3, stride: stride, padding: 1, bias: false)
    bn1 = BatchNorm2d(outputs)
    conv2 = Conv2d(outputs, outputs, kernelSize: 3, padding: 1, bias: false)
    bn2 = BatchNorm2d(outputs)
    downsample =
      stride == 1 && inputs == outputs
      ? nil
      : Sequential(
        Conv2d(inputs, outputs, kernelSize: 1, stride: stride, bias: false), BatchNorm2d(outputs))
  }

  override func forward(_ input: Tensor) -> Tensor {
    let output = bn2(conv2(bn1(conv1(input)).relu()))
    return (output + (downsample?(input) ?? input)).relu()
  }
}

/// ResNet-18 with the stem for small images.
private final class ResNet: Layer {
  let conv1 = Conv2d(3, 64, kernelSize: 3, padding: 1, bias: false)
  let bn1 = BatchNorm2d(64)
  let blocks: [ResidualBlock]
  let fc = Linear(512, 10)

  override init() {
    let channels = [64, 64, 128, 256, 512]
    blocks = (1...4).flatMap { i in
      [
        ResidualBlock(channels[i - 1], channels[i], stride: i == 1 ? 1 : 2),
        ResidualBlock(channels[i], channels[i], stride: 1),
      ]
    }
  }

  override func forward(_ input: Tensor) -> Tensor {
    let first = bn1(conv1(input)).relu()
    return fc(blocks.reduce(first) { $1($0) }.mean(dimensions: [2, 3]))
  }
}

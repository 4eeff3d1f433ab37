import Levin

/// What networks of images are made of; `scripts/bench.d/peers/torch_networks.py` has the same rows in PyTorch.
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

  /// Normalizations, activations and pooling.
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
}

import LevinTensor
import Testing

/// First and second gradients of activations, losses and normalisations against differences, in float64.
@Suite struct FunctionGradientTests {
  typealias Function = @Sendable ([Tensor]) -> Tensor

  /// Numbers away from kinks, which lie at multiples of 0.5.
  private static func numbers(_ shape: Shape, _ first: Double) -> Tensor {
    let count = shape.elementCount
    return Tensor(
      (0..<count).map { i in
        let x = (Double(i) * 0.737 + first).truncatingRemainder(dividingBy: 4) - 2
        return (x * 2).rounded(.down) / 2 + 0.1 + (x - (x * 2).rounded(.down) / 2) * 0.6
      }, shape: shape)
  }

  static let smooth: [String: (shapes: [Shape], function: Function)] = [
    "gelu": ([[7]], { $0[0].gelu() }),
    "gelu tanh": ([[7]], { $0[0].gelu(approximate: .tanh) }),
    "silu": ([[7]], { $0[0].silu() }),
    "mish": ([[7]], { $0[0].mish() }),
    "softplus": ([[7]], { $0[0].softplus(beta: 2, threshold: 3) }),
    "logSigmoid": ([[7]], { $0[0].logSigmoid() }),
    "softsign": ([[7]], { $0[0].softsign() }),
    "elu": ([[7]], { $0[0].elu(alpha: 0.7) }),
    "celu": ([[7]], { $0[0].celu(alpha: 0.7) }),
    "selu": ([[7]], { $0[0].selu() }),
    "leakyReLU": ([[7]], { $0[0].leakyReLU(negativeSlope: 0.2) }),
    "hardswish": ([[7]], { ($0[0] * 3).hardswish() }),
    "hardtanh": ([[7]], { $0[0].hardtanh() }),
    "prelu": ([[2, 3, 2], [3]], { $0[0].prelu($0[1]) }),
    "glu": ([[2, 4]], { $0[0].glu() }),
    "softmax": ([[2, 3]], { $0[0].softmax(dimension: 1) }),
    "logSoftmax": ([[2, 3]], { $0[0].logSoftmax(dimension: 0) }),
    "layerNorm": (
      [[2, 3, 2], [3, 2], [3, 2]],
      { $0[0].layerNorm([3, 2], weight: $0[1], bias: $0[2], epsilon: 0.1) }
    ),
    "rmsNorm": ([[2, 3], [3]], { $0[0].rmsNorm([3], weight: $0[1]) }),
    "groupNorm": (
      [[2, 4, 2], [4], [4]], { $0[0].groupNorm(2, weight: $0[1], bias: $0[2], epsilon: 0.1) }
    ),
    "instanceNorm": ([[1, 2, 4]], { $0[0].instanceNorm(epsilon: 0.1) }),
    "localResponseNorm": ([[1, 4, 2]], { $0[0].localResponseNorm(3, alpha: 0.5, beta: 0.6) }),
    "mseLoss": ([[2, 3], [2, 3]], { $0[0].mseLoss($0[1]) }),
    "huberLoss": ([[2, 3], [2, 3]], { $0[0].huberLoss($0[1] * 0.9 + 0.05, delta: 0.8) }),
    "binaryCrossEntropy": (
      [[5], [5]], { $0[0].sigmoid().binaryCrossEntropy($0[1].sigmoid(), reduction: .none) }
    ),
    "binaryCrossEntropyWithLogits": (
      [[5], [5]], { $0[0].binaryCrossEntropyWithLogits($0[1], positiveWeight: Tensor(2.0)) }
    ),
    "klDivergence": ([[4], [4]], { $0[0].klDivergence($0[1].exp()) }),
    "crossEntropy": (
      [[3, 4]],
      {
        $0[0].crossEntropy(
          Tensor([1, -100, 3] as [Int64]), weight: Tensor([1.0, 2, 0.5, 3]), labelSmoothing: 0.1)
      }
    ),
    "cosineSimilarity": ([[2, 3], [2, 3]], { $0[0].cosineSimilarity($0[1] + 0.3) }),
    "pairwiseDistance": ([[2, 3], [2, 3]], { $0[0].pairwiseDistance($0[1] + 0.3) }),
    "embedding": (
      [[3, 2]],
      { $0[0].embedding(Tensor([0, 2, 2] as [Int64]), scalesByFrequency: false).squared() }
    ),
    "padded reflect": ([[2, 3]], { $0[0].padded([2, 1], mode: .reflect).squared() }),
    "bicubic": ([[1, 1, 3, 3]], { $0[0].interpolated(to: [4, 2], mode: .bicubic).squared() }),
    "unfold": ([[1, 1, 3, 3]], { $0[0].windowsUnfolded(WindowGeometry((2, 2))).squared() }),
    "attention": (
      [[2, 3], [4, 3], [4, 2]],
      { $0[0].scaledDotProductAttention(keys: $0[1], values: $0[2]) }
    ),
    "bilinear": ([[2, 2], [2, 3], [2, 2, 3]], { $0[0].bilinear($0[1], weight: $0[2]) }),
  ]

  @Test(arguments: smooth.keys.sorted()) func gradients(_ name: String) throws {
    let (shapes, function) = try #require(Self.smooth[name])
    let inputs = shapes.enumerated().map { Self.numbers($0.element, Double($0.offset) * 1.3) }
    let once: ([Tensor]) -> [Tensor] = { [function($0)] }
    #expect(gradientCheck(inputs, once) == nil)
    #expect(gradientCheck(inputs, second: true, once) == nil)
  }

  /// The fused way and the composed one, of which the second is held to PyTorch's own samples.
  @Test func fusedCrossEntropyIsTheComposedOne() throws {
    let logits = Self.numbers([6, 5], 0.3).to(.float32)
    let targets = Tensor([0, 4, -100, 2, 2, 1] as [Int64])
    let (a, b) = (logits.requiringGradient(), logits.to(.float64).requiringGradient())
    let (fused, composed) = (a.crossEntropy(targets), b.crossEntropy(targets))
    #expect(abs(fused.item() - composed.item()) < 1e-6)
    fused.backward()
    composed.backward()
    let (x, y) = (try #require(a.gradient), try #require(b.gradient))
    #expect(x.to(.float64).isClose(to: y, relative: 0, absolute: 1e-7).all().item() == 1)
  }

  @Test func foldSumsWhatUnfoldTook() {
    // Each element comes back as often as windows hold it.
    let x = Self.numbers([1, 2, 4, 5], 0.1)
    let geometry = WindowGeometry((2, 3), padding: (1, 1), stride: (1, 2))
    let times = x.onesLike().windowsUnfolded(geometry).windowsFolded((4, 5), geometry)
    let back = x.windowsUnfolded(geometry).windowsFolded((4, 5), geometry)
    #expect(back.allClose(to: x * times))
    #expect(times.scalars(as: Double.self).prefix(5) == [2, 4, 2, 4, 2])
  }
}

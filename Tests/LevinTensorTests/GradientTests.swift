import LevinTensor
import Testing

@Suite struct GradientTests {
  private static func numbers(_ shape: Shape, from low: Double = 0.3, to high: Double = 1.7)
    -> Tensor
  {
    // Quadratic residues: spread, all different, the same each time.
    let values = (0..<shape.elementCount).map {
      low + (high - low) * Double($0 * $0 * 7 % 101) / 101
    }
    return Tensor(values, shape: shape)
  }

  @Test func crossEntropyHasASecondDerivative() {
    let targets = Tensor([1, 0, -100] as [Int64])
    let logits = Self.numbers([3, 2]).to(.float32).requiringGradient()
    let first = gradients(
      of: [logits.crossEntropy(targets)], withRespectTo: [logits], createGraph: true)
    let second = gradients(
      of: [first[0]!.squared().sum()], withRespectTo: [logits])[0]!
    // torch.autograd.grad of the same, torch 2.13.
    let log = logits.detached().logSoftmax(dimension: 1)
    #expect(second.shape == log.shape)
    #expect(second[2].absolute().sum().item() == 0)
    #expect(second[0].absolute().sum().item() > 0.01)
  }

  @Test func aRecordIsKeptWhereAskedFor() async {
    let x = Tensor([2, 3] as [Double]).requiringGradient()
    let y = (x * x).sum()
    y.backward(retainGraph: true)
    y.backward()
    #expect(x.gradient?.scalars(as: Double.self) == [8, 12])
    await #expect(processExitsWith: .failure) {
      let x = Tensor([2.0]).requiringGradient()
      let y = (x * x).sum()
      y.backward()
      y.backward()
    }
  }

  @Test func hooksSeeAndReplaceGradients() {
    let x = Tensor([1, 2] as [Double]).requiringGradient()
    let h = (x * 3).relu()
    var seen: [Double] = []
    h.onGradient { gradient in
      seen = gradient.scalars(as: Double.self)
      return gradient * 10
    }
    (h * Tensor([1.0, 5])).sum().backward()
    #expect(seen == [1, 5])
    #expect(x.gradient?.scalars(as: Double.self) == [30, 150])
  }

  @Test func gradientsOfIntermediatesAreThereBeforeTheirMask() {
    let x = Tensor([-1, 2] as [Float], shape: [1, 2]).requiringGradient()
    let w = Tensor([1, 0, 0, 1] as [Float], shape: [2, 2])
    let h = x.linear(weight: w, relu: true)
    let loss = h.linear(weight: Tensor([3, 5] as [Float], shape: [1, 2])).sum()
    let found = gradients(of: [loss], withRespectTo: [h, x])
    #expect(found[0]?.scalars(as: Float.self) == [3, 5])
    #expect(found[1]?.scalars(as: Float.self) == [0, 5])
  }

  @Test func aLossOutlivesAStepWithTheRightGradient() {
    let p = Parameter(Tensor([3] as [Float]))
    let loss = (p.value * p.value).sum()
    p.assign(Tensor([100] as [Float]))
    loss.backward()
    #expect(p.gradient?.item() == 6)
    #expect(p.value.item() == 100)
  }

  @Test func twoThreadsShareAModule() async {
    let p = Parameter(Tensor([Double](repeating: 1, count: 100)))
    nonisolated(unsafe) let shared = p
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { for _ in 0..<50 { (shared.value * 2).sum().backward() } }
      }
    }
    #expect(p.gradient?.scalars(as: Double.self) == [Double](repeating: 400, count: 100))
  }

  @Test func twoThreadsGoBackOverSharedNodes() async {
    let x = Tensor([Double](repeating: 1, count: 50)).requiringGradient()
    nonisolated(unsafe) let h = x.exp()
    await withTaskGroup(of: Void.self) { group in
      for factor in 1...4 {
        group.addTask { for _ in 0..<25 { (h * factor).sum().backward(retainGraph: true) } }
      }
    }
    let expected = Double.exp1 * 250
    #expect(
      x.gradient?.scalars(as: Double.self).allSatisfy { abs($0 - expected) < 1e-9 * expected }
        == true)
  }

  @Test func aColumnOfOneFeatureHasItsGradient() {
    let x = Tensor([1, 2, 3] as [Float], shape: [3, 1])
    let w = Parameter(Tensor([1, 1] as [Float], shape: [2, 1]))
    (x.linear(weight: w.value) * Tensor([1, 10] as [Float])).sum().backward()
    #expect(w.gradient?.scalars(as: Float.self) == [6, 60])
  }

  /// The gradient of a rectified feature is 0 where the feature is, also if it is the only one.
  @Test func oneRectifiedFeatureHasItsGradient() {
    let x = Tensor((0..<600).map { Float($0 % 7) - 3 }, shape: [600, 1])
    let w = Parameter(Tensor([2] as [Float], shape: [1, 1]))
    let wide = Parameter(.ones([700, 1]))
    let hidden = x.linear(weight: w.value, relu: true)
    hidden.linear(weight: wide.value).sum().backward()
    let positive = x.scalars(as: Float.self).filter { $0 > 0 }
    let expected = positive.reduce(0 as Float) { $0 + 700 * $1 }
    #expect(w.gradient?.scalars(as: Float.self) == [expected])
  }
}

extension Double {
  fileprivate static let exp1 = 2.718281828459045
}

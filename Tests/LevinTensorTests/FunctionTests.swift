import LevinTensor
import Testing

/// Functions of layers that are computed in two ways, against each other.
@Suite struct FunctionTests {
  private static func numbers(_ shape: Shape, _ first: Double) -> Tensor {
    let count = shape.elementCount
    return Tensor(
      (0..<count).map { i in
        (Double(i) * 0.737 + first).truncatingRemainder(dividingBy: 4) - 2
      }, shape: shape)
  }

  /// The fused computation and the composed one, which is tested with PyTorch's own samples.
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
    // Each element is counted once for every window that contains it.
    let x = Self.numbers([1, 2, 4, 5], 0.1)
    func sum(_ x: Tensor) -> Tensor {
      x.unfolded(kernelSize: [2, 3], padding: 1, stride: [1, 2])
        .folded(outputSize: [4, 5], kernelSize: [2, 3], padding: 1, stride: [1, 2])
    }
    let (times, back) = (sum(x.onesLike()), sum(x))
    #expect(back.allClose(to: x * times))
    #expect(times.scalars(as: Double.self).prefix(5) == [2, 4, 2, 4, 2])
  }
}

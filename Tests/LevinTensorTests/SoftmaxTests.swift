import LevinTensor
import Testing

/// The fused rows of float32 against float64, which is computed by the formula.
@Suite struct SoftmaxTests {
  @Test(arguments: [0, 1, 2, -1], [false, true])
  func agreesWithTheFormula(dimension: Int, logarithm: Bool) throws {
    let generator = Generator(seed: 5)
    let x = Tensor.randn([3, 33, 5], generator: generator) * 4
    let weights = Tensor.randn([3, 33, 5], generator: generator)
    func gradient(
      _ x: Tensor, _ weights: Tensor, createGraph: Bool
    ) throws -> (value: Tensor, gradient: Tensor) {
      let x = x.requiringGradient()
      let y = logarithm ? x.logSoftmax(dimension: dimension) : x.softmax(dimension: dimension)
      let found = gradients(
        of: [(y * weights).sum()], withRespectTo: [x], createGraph: createGraph)[0]
      return (y.detached(), try #require(found).detached())
    }
    for transposed in [false, true] {
      let (own, other) = transposed ? (x.transposed(0, 2), weights.transposed(0, 2)) : (x, weights)
      let exact = try gradient(own.to(.float64), other.to(.float64), createGraph: false)
      for createGraph in [false, true] {
        let fused = try gradient(own, other, createGraph: createGraph)
        #expect((fused.value.to(.float64) - exact.value).absolute().max().item() < 4e-6)
        #expect((fused.gradient.to(.float64) - exact.gradient).absolute().max().item() < 4e-6)
      }
    }
  }

  @Test func ofNothingAndOfOne() {
    #expect(Tensor.zeros([0, 3]).softmax(dimension: 1).shape == [0, 3])
    #expect(Tensor.zeros([3, 0]).logSoftmax(dimension: 1).shape == [3, 0])
    #expect(Tensor(Float(7)).softmax(dimension: 0).item() == 1)
  }
}

import LevinTensor
import Testing

/// What has a kernel in float32 alone is held to what it is composed of in float64: values, gradients, gradients of gradients.
@Suite struct FusedKernelTests {
  private func draw(_ shape: Shape, _ seed: UInt64) -> Tensor {
    Tensor.randn(shape, dtype: .float64, generator: Generator(seed: seed))
  }

  /// The values, the gradients of a sum of squares, and those of the sum of their squares.
  private func results(
    _ inputs: [Tensor], _ dtype: DType, _ body: ([Tensor]) -> Tensor
  ) -> [[Double]] {
    let leaves = inputs.map { $0.to(dtype).requiringGradient() }
    let values = body(leaves)
    let once = gradients(of: [values.squared().sum()], withRespectTo: leaves).compactMap { $0 }
    let recorded = gradients(
      of: [body(leaves).squared().sum()], withRespectTo: leaves, createGraph: true
    ).compactMap { $0 }
    let sums = recorded.map { $0.squared().sum() }
    let twice = gradients(
      of: [sums.dropFirst().reduce(sums[0]) { $0 + $1 }], withRespectTo: leaves
    ).compactMap { $0 }
    return ([values] + once + recorded + twice).map {
      $0.detached().to(.float64).scalars(as: Double.self)
    }
  }

  private func expectAlike(
    _ inputs: [Tensor], _ name: String, _ body: ([Tensor]) -> Tensor
  ) {
    let (narrow, wide) = (results(inputs, .float32, body), results(inputs, .float64, body))
    #expect(narrow.count == wide.count && narrow.count == 1 + 3 * inputs.count)
    // Of the gradients of one kind the largest is the measure: those of an input may cancel to nearly 0.
    func kind(_ index: Int) -> Int { (index + inputs.count - 1) / inputs.count }
    for (index, (found, expected)) in zip(narrow, wide).enumerated() {
      let alike = wide.indices.filter { kind($0) == kind(index) }
      let scale = max(1, alike.flatMap { wide[$0] }.map(abs).max() ?? 0)
      let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= 5e-5 * scale, "\(name), tensor \(index): \(worst) of \(scale)")
    }
  }

  @Test(arguments: [[3, 5], [2, 40, 7], [9, 16], [4, 300]] as [Shape])
  func layerNorm(_ shape: Shape) {
    // Far from 0, where a variance out of sums of squares would lose its digits.
    let x = draw(shape, 1) + 30
    let rest = Shape(shape.dropFirst())
    let (weight, bias) = (draw(rest, 2), draw(rest, 3))
    expectAlike([x], "plain") { $0[0].layerNorm(rest) }
    expectAlike([x, weight, bias], "affine") { $0[0].layerNorm(rest, weight: $0[1], bias: $0[2]) }
    expectAlike([x, bias], "bias") { $0[0].layerNorm(rest, bias: $0[1]) }
    expectAlike([x, weight], "strided") {
      $0[0].flipped(0).layerNorm(rest, weight: $0[1].flipped(0))
    }
  }

  @Test func groupAndInstanceNorm() {
    let (x, scale) = (draw([3, 6, 4, 5], 4), draw([6], 5))
    expectAlike([x, scale], "groups") { $0[0].groupNorm(3, weight: $0[1], bias: $0[1]) }
    expectAlike([x, scale], "instances") { $0[0].instanceNorm(weight: $0[1]) }
  }

  /// Channels of many points and of few.
  @Test(arguments: [[6, 5], [4, 3, 2, 2], [3, 70, 4, 4], [2, 3, 9, 7]] as [Shape])
  func batchNorm(_ shape: Shape) {
    let (weight, bias) = (draw([shape[1]], 6), draw([shape[1]], 7))
    expectAlike([draw(shape, 8) + 3, weight, bias], "\(shape)") {
      $0[0].batchNorm(weight: $0[1], bias: $0[2]).output
    }
  }

  /// Gradients pass through a layer whose weight is frozen, after one with a ReLU, as they do where nothing is frozen.
  @Test func frozenLinearAfterReLU() {
    let (x, first, second) = (draw([5, 3], 11), draw([4, 3], 12), draw([2, 4], 13))
    func slope(frozen: Bool) -> [Float] {
      let input = x.to(.float32).requiringGradient()
      let last = frozen ? second.to(.float32) : second.to(.float32).requiringGradient()
      let output = input.linear(weight: first.to(.float32), relu: true).linear(weight: last)
      return gradients(of: [output.squared().sum()], withRespectTo: [input])[0]!
        .scalars(as: Float.self)
    }
    let expected = results([x, first, second], .float64) {
      $0[0].linear(weight: $0[1], relu: true).linear(weight: $0[2])
    }[1]
    for frozen in [true, false] {
      for (found, wanted) in zip(slope(frozen: frozen), expected) {
        #expect(abs(Double(found) - wanted) <= 1e-4 * max(1, abs(wanted)))
      }
    }
  }

  @Test func activations() {
    let x = draw([130], 9) * 3
    expectAlike([x], "gelu") { $0[0].gelu() }
    expectAlike([x], "gelu by tanh") { $0[0].gelu(approximate: .tanh) }
    expectAlike([x], "silu") { $0[0].silu() }
  }

  /// Windows of every sort, by vectors in float32 and one by one in float64, with equal elements and NaN among them.
  @Test func largestOfWindows() {
    let generator = Generator(seed: 10)
    func draw(_ range: Range<Int>) -> Int {
      Int(Tensor.randint(range, [1], generator: generator).scalars(as: Int64.self)[0])
    }
    for _ in 0..<40 {
      let (kernel, stride, dilation) = (draw(1..<5), draw(1..<4), draw(1..<3))
      let shape: Shape = [2, 3, draw(9..<14), draw(9..<50)]
      let x = Tensor.randint(0..<6, shape, generator: generator).to(.float64)
      let hasNaN = Tensor.randint(0..<30, shape, generator: generator) .== 0
      let padding = draw(0..<(kernel / 2 + 1))
      let pictures = x.maskedFill(hasNaN, with: Double.nan)
      func pooled(_ dtype: DType) -> (values: [Double], indices: [Int64]) {
        let (values, indices) = pictures.to(dtype).maxPool2dWithIndices(
          kernelSize: kernel, stride: stride, padding: padding, dilation: dilation)
        return (values.to(.float64).scalars(as: Double.self), indices.scalars(as: Int64.self))
      }
      let (narrow, wide) = (pooled(.float32), pooled(.float64))
      #expect(
        narrow.indices == wide.indices, "kernel \(kernel), \(stride), \(padding), \(dilation)")
      #expect(narrow.values.map(\.bitPattern) == wide.values.map(\.bitPattern))
    }
  }
}

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

  private struct Operation: Sendable {
    let name: String
    let inputs: [Shape]
    let function: @Sendable ([Tensor]) -> Tensor
  }

  private static let operations: [Operation] = [
    Operation(name: "+", inputs: [[2, 3], [3]]) { $0[0] + $0[1] },
    Operation(name: "-", inputs: [[2, 1], [1, 3]]) { $0[0] - $0[1] },
    Operation(name: "*", inputs: [[2, 3], [2, 1]]) { $0[0] * $0[1] },
    Operation(name: "/", inputs: [[2, 3], []]) { $0[0] / $0[1] },
    Operation(name: "power", inputs: [[2, 2], [2]]) { $0[0].power($0[1]) },
    Operation(name: "relu", inputs: [[4]]) { ($0[0] - 1).relu().squared() },
    Operation(name: "exp", inputs: [[3]]) { $0[0].exp() },
    Operation(name: "log", inputs: [[3]]) { $0[0].log() },
    Operation(name: "sqrt", inputs: [[3]]) { $0[0].sqrt() },
    Operation(name: "rsqrt", inputs: [[3]]) { $0[0].rsqrt() },
    Operation(name: "tanh", inputs: [[3]]) { $0[0].tanh() },
    Operation(name: "sigmoid", inputs: [[3]]) { $0[0].sigmoid() },
    Operation(name: "sin", inputs: [[3]]) { $0[0].sin() },
    Operation(name: "tan", inputs: [[2]]) { ($0[0] * 0.5).tan() },
    Operation(name: "atan2", inputs: [[3], [3]]) { $0[0].atan2($0[1] + 1) },
    Operation(name: "erf", inputs: [[3]]) { $0[0].erf() },
    Operation(name: "maximum", inputs: [[4], [4]]) {
      Tensor.maximum($0[0], $0[1].flipped(0) * 1.1)
    },
    Operation(name: "clamped", inputs: [[5]]) { $0[0].clamped(0.5, 1.2).squared() },
    Operation(name: "where", inputs: [[4], [4]]) {
      Tensor.where($0[0] .> 1, $0[0].exp(), $0[1].log())
    },
    Operation(name: "sum", inputs: [[2, 3]]) { $0[0].squared().sum(dimension: 0) },
    Operation(name: "mean", inputs: [[2, 3]]) {
      $0[0].exp().mean(dimension: -1, keepDimension: true)
    },
    Operation(name: "product", inputs: [[2, 3]]) { $0[0].product(dimension: 1) },
    Operation(name: "variance", inputs: [[2, 4]]) { $0[0].variance(dimensions: [1]) },
    Operation(name: "norm", inputs: [[2, 3]]) { $0[0].norm(3, dimensions: [0]) },
    Operation(name: "logSumExp", inputs: [[2, 3]]) { $0[0].logSumExp(dimensions: [1]) },
    Operation(name: "max", inputs: [[2, 3]]) { $0[0].max(dimension: 1).values.exp() },
    Operation(name: "cumulativeSum", inputs: [[2, 3]]) { $0[0].squared().cumulativeSum(1) },
    Operation(name: "cumulativeProduct", inputs: [[3]]) { $0[0].cumulativeProduct(0) },
    Operation(name: "matmul", inputs: [[2, 3], [3, 2]]) { $0[0].matmul($0[1]) },
    Operation(name: "matmul of batches", inputs: [[2, 1, 2], [2, 3]]) { $0[0].matmul($0[1]) },
    Operation(name: "linear", inputs: [[2, 3], [2, 3], [2]]) {
      $0[0].linear(weight: $0[1], bias: $0[2])
    },
    Operation(name: "einsum", inputs: [[2, 3], [3, 2]]) { Tensor.einsum("ij,jk->ik", $0) },
    Operation(name: "views", inputs: [[2, 3, 2]]) {
      $0[0].transposed(0, 2)[1, .stride(by: 2)].flipped(-1).diagonal().squared()
    },
    Operation(name: "concatenated", inputs: [[2], [3]]) { Tensor.concatenated($0).squared() },
    Operation(name: "gathered", inputs: [[2, 3]]) {
      $0[0].gathered(1, Tensor([0, 2, 2, 1], shape: [2, 2])).squared()
    },
    Operation(name: "scatterAdded", inputs: [[2, 3], [2, 2]]) {
      $0[0].scatterAdded(1, Tensor([0, 2, 2, 2], shape: [2, 2]), $0[1]).squared()
    },
    Operation(name: "index", inputs: [[3, 2]]) { $0[0][Tensor([2, 0, 2])].squared() },
    Operation(name: "softmax", inputs: [[2, 3]]) { $0[0].softmax(dimension: 1) },
    Operation(name: "lowerTriangle", inputs: [[3, 3]]) { $0[0].lowerTriangle().squared() },
    Operation(name: "repeated", inputs: [[2]]) { $0[0].repeated(2, 2).squared() },
    Operation(name: "exp2", inputs: [[3]]) { $0[0].exp2() },
    Operation(name: "asinh", inputs: [[3]]) { $0[0].asinh() },
    Operation(name: "acosh", inputs: [[3]]) { ($0[0] + 1).acosh() },
    Operation(name: "atanh", inputs: [[3]]) { ($0[0] * 0.5).atanh() },
    Operation(name: "frac", inputs: [[3]]) { $0[0].frac().squared() },
    Operation(name: "logit", inputs: [[3]]) { ($0[0] * 0.5).logit() },
    Operation(name: "logAddExp", inputs: [[3], [3]]) { $0[0].logAddExp($0[1].flipped(0) * 1.1) },
    Operation(name: "logAddExp2", inputs: [[3], [3]]) { $0[0].logAddExp2($0[1].flipped(0) * 1.1) },
    Operation(name: "xlogy", inputs: [[3], [3]]) { $0[0].xlogy($0[1]) },
    Operation(name: "xlog1py", inputs: [[3], [3]]) { $0[0].xlog1py($0[1]) },
    Operation(name: "hypot", inputs: [[3], [3]]) { $0[0].hypot($0[1]) },
    Operation(name: "copySign", inputs: [[3], [3]]) { $0[0].copySign(-$0[1]).squared() },
    Operation(name: "fmax", inputs: [[3], [3]]) { Tensor.fmax($0[0], $0[1] * 1.1).squared() },
    Operation(name: "fmod", inputs: [[3], [3]]) { ($0[0] * 3.3).fmod($0[1]).squared() },
    Operation(name: "logGamma", inputs: [[3]]) { $0[0].logGamma() },
    Operation(name: "erfInverse", inputs: [[3]]) { ($0[0] * 0.5).erfInverse() },
    Operation(name: "addingProduct of elements", inputs: [[3], [3], [3]]) {
      $0[0].addingProduct(of: $0[1], and: $0[2], value: 0.5)
    },
    Operation(name: "addingQuotient", inputs: [[3], [3], [3]]) {
      $0[0].addingQuotient(of: $0[1], and: $0[2], value: 0.5)
    },
    Operation(name: "cumulativeMaximum", inputs: [[5]]) { $0[0].cumulativeMaximum(0).values.exp() },
    Operation(name: "logCumulativeSumExp", inputs: [[5]]) { $0[0].logCumulativeSumExp(0) },
    Operation(name: "differences", inputs: [[5]]) { $0[0].squared().differences(order: 2) },
    Operation(name: "trapezoid", inputs: [[5], [5]]) { $0[0].trapezoid(at: $0[1]) },
    Operation(name: "median", inputs: [[2, 3]]) { $0[0].median(dimension: 1).values.exp() },
    Operation(name: "kthValue", inputs: [[2, 3]]) { $0[0].kthValue(2).values.exp() },
    Operation(name: "quantile", inputs: [[2, 3]]) { $0[0].quantile(0.3, dimension: 1).exp() },
    Operation(name: "covariance", inputs: [[2, 4]]) { $0[0].covariance() },
    Operation(name: "correlation", inputs: [[2, 4]]) { $0[0].correlation() },
    Operation(name: "scatterReduced product", inputs: [[3], [4]]) {
      $0[0].scatterReduced(0, Tensor([0, 2, 0, 0]), $0[1], .product)
    },
    Operation(name: "scatterReduced maximum", inputs: [[3], [4]]) {
      $0[0].scatterReduced(0, Tensor([0, 2, 0, 0]), $0[1] * 1.1, .maximum).squared()
    },
    Operation(name: "scatterReduced mean", inputs: [[3], [4]]) {
      $0[0].scatterReduced(0, Tensor([0, 2, 0, 0]), $0[1], .mean).squared()
    },
    Operation(name: "indexCopied", inputs: [[3, 2], [2, 2]]) {
      $0[0].indexCopied(0, Tensor([2, 0]), $0[1]).squared()
    },
    Operation(name: "indexFilled", inputs: [[3, 2], []]) {
      $0[0].indexFilled(0, Tensor([2, 0]), with: $0[1]).squared()
    },
    Operation(name: "taken", inputs: [[3, 2]]) {
      $0[0].taken(Tensor([[1, 1, 0]]), dimension: 1).squared()
    },
    Operation(name: "selectScattered", inputs: [[3, 2], [3]]) {
      $0[0].selectScattered($0[1], dimension: 1, index: 0).squared()
    },
    Operation(name: "sliceScattered", inputs: [[3, 2], [1, 2]]) {
      $0[0].sliceScattered($0[1], from: 1, to: 2).squared()
    },
    Operation(name: "unfolded", inputs: [[5]]) { $0[0].unfolded(0, size: 3, step: 1).squared() },
    Operation(name: "diagonalEmbedded", inputs: [[2, 2]]) { $0[0].diagonalEmbedded().squared() },
    Operation(name: "rotated", inputs: [[2, 3]]) { $0[0].rotated().squared() },
    Operation(name: "kron", inputs: [[2, 2], [2]]) { $0[0].kron($0[1]) },
    Operation(name: "cross", inputs: [[2, 3], [2, 3]]) { $0[0].cross($0[1], dimension: -1) },
    Operation(name: "tensordot", inputs: [[2, 3], [3, 2]]) { $0[0].tensordot($0[1], [1], [0]) },
    Operation(name: "pairwiseDistances", inputs: [[2, 2], [3, 2]]) {
      $0[0].pairwiseDistances($0[1] * 3)
    },
    Operation(name: "matrixPower", inputs: [[2, 2]]) { $0[0].matrixPower(5) },
    Operation(name: "matrixNorm", inputs: [[2, 3]]) { $0[0].matrixNorm(.one).squared() },
  ]

  @Test(arguments: operations.indices)
  func gradientsAreSlopes(index: Int) {
    let operation = Self.operations[index]
    let inputs = operation.inputs.map { Self.numbers($0) }
    #expect(gradientCheck(inputs) { [operation.function($0)] } == nil, "\(operation.name)")
  }

  @Test(arguments: operations.indices)
  func gradientsOfGradientsAreSlopes(index: Int) {
    let operation = Self.operations[index]
    let inputs = operation.inputs.map { Self.numbers($0) }
    #expect(
      gradientCheck(inputs, second: true) { [operation.function($0)] } == nil, "\(operation.name)")
  }

  @Test func theCheckFindsAWrongGradient() throws {
    let wrong = gradientCheck([Self.numbers([2])]) { x in [x[0].detached() * x[0]] }
    let message = try #require(wrong)
    #expect(message.hasPrefix("output 0, element 0, by input 0, element 0: the slope is 0.5999"))
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

  @Test func longRecordsAreDifferentiatedTwice() {
    let x = Tensor(1.0).requiringGradient()
    var y = x
    for _ in 0..<100_000 { y = y + x }
    let first = gradients(of: [y * y], withRespectTo: [x], createGraph: true)[0]!
    let second = gradients(of: [first], withRespectTo: [x])[0]!
    // y = 100001 x, and (y²)'' = 2 · 100001².
    #expect(first.item() == 2 * 100_001 * 100_001)
    #expect(second.item() == 2 * 100_001 * 100_001)
  }

  @Test func aColumnOfOneFeatureHasItsGradient() {
    let x = Tensor([1, 2, 3] as [Float], shape: [3, 1])
    let w = Parameter(Tensor([1, 1] as [Float], shape: [2, 1]))
    (x.linear(weight: w.value) * Tensor([1, 10] as [Float])).sum().backward()
    #expect(w.gradient?.scalars(as: Float.self) == [6, 60])
  }
}

extension Double {
  fileprivate static let exp1 = 2.718281828459045
}

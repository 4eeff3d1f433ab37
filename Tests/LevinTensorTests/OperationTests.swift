import LevinTensor
import Testing

/// Every operation, forward and backward, against PyTorch.
@Suite struct OperationTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let inputs: [EngineGolden.Numbers]
    let targets: [Int64]?
    let output: EngineGolden.Numbers
    let weights: EngineGolden.Numbers
    let gradients: [EngineGolden.Numbers]

    var testDescription: String { "\(name) \(inputs.map(\.shape))" }
  }

  private func apply(_ name: String, _ x: [Tensor], _ targets: [Int64]?) throws -> Tensor {
    switch name {
    case "add": x[0] + x[1]
    case "subtract": x[0] - x[1]
    case "multiply": x[0] * x[1]
    case "divide": x[0] / x[1]
    case "relu": x[0].relu()
    case "tanh": x[0].tanh()
    case "sigmoid": x[0].sigmoid()
    case "exp": x[0].exp()
    case "log": x[0].log()
    case "sqrt": x[0].sqrt()
    case "squared": x[0].squared()
    case "negate": -x[0]
    case "matmul": x[0].matmul(x[1])
    case "linear": x[0].linear(weight: x[1], bias: x.count > 2 ? x[2] : nil)
    case "linearRelu": x[0].linear(weight: x[1], bias: x[2], relu: true)
    case "transposed": x[0].transposed()
    case "reshaped": x[0].reshaped(to: [5, -1])
    case "rows1to3": x[0][1..<3]
    case "sum": x[0].sum()
    case "mean": x[0].mean()
    case "sum0", "sum1", "sum2": x[0].sum(dimension: Int(String(name.last!))!)
    case "mean0", "mean1", "mean2":
      x[0].mean(dimension: Int(String(name.last!))!, keepDimension: true)
    case "crossEntropy": x[0].crossEntropy(Tensor(try #require(targets)))
    case "shared": x[0] * x[0] + x[0]
    default: try #require(nil, "no such operation: \(name)")
    }
  }

  @Test(arguments: try EngineGolden.load("operations", as: [Case].self))
  func equalsPyTorch(_ golden: Case) throws {
    let parameters = golden.inputs.map { Parameter($0.tensor) }
    let output = try apply(golden.name, parameters.map(\.value), golden.targets)
    #expect(agree(output, golden.output))
    (output * golden.weights.tensor).sum().backward()
    for (parameter, expected) in zip(parameters, golden.gradients) {
      let gradient = try #require(parameter.gradient)
      #expect(agree(gradient, expected), "\(gradient) is not \(expected)")
    }
  }

  @Test func gradientsAddUp() throws {
    let parameter = Parameter(Tensor([1, 2] as [Float]))
    (parameter.value * 3).sum().backward()
    (parameter.value * 4).sum().backward()
    #expect(parameter.gradient?.scalars(as: Float.self) == [7, 7])
    parameter.zeroGradient()
    #expect(parameter.gradient == nil)
  }

  @Test func oneGradientOfTwoParametersIsNotShared() {
    let (a, b) = (Parameter(Tensor([1] as [Float])), Parameter(Tensor([2] as [Float])))
    (a.value + b.value).sum().backward()
    (a.value * 5).sum().backward()
    #expect(a.gradient?.scalars(as: Float.self) == [6])
    #expect(b.gradient?.scalars(as: Float.self) == [1])
  }

  @Test func nothingIsRecordedWithoutGradients() {
    let parameter = Parameter(Tensor([1, 2] as [Float]))
    let inside = withoutGradients { parameter.value * 2 }
    #expect(!inside.requiresGradient)
    #expect((parameter.value * 2).requiresGradient)
    #expect(!(parameter.value * 2).detached().requiresGradient)
  }

  @Test func whatAParameterHandsOutIsACopy() {
    let parameter = Parameter(Tensor([1, 2] as [Float]))
    let kept = parameter.value
    parameter.assign(Tensor([5, 6] as [Float]))
    #expect(kept.scalars(as: Float.self) == [1, 2])
    #expect(parameter.value.scalars(as: Float.self) == [5, 6])
  }

  /// As in torch: `torch.sign` of NaN is 0, and so is the gradient of the absolute value there.
  @Test func theSignOfNaNIsZero() {
    let x = Tensor([.nan, -0.0, 2, -3] as [Float]).requiringGradient()
    #expect(x.sign().scalars(as: Float.self) == [0, 0, 1, -1])
    x.absolute().sum().backward()
    #expect(x.gradient?.scalars(as: Float.self) == [0, 0, 1, -1])
  }
}

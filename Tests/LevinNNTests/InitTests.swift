import LevinNN
import LevinTensor
import Testing

/// Initial values against torch.nn.init: the numbers, and the state of the generator afterwards.
@Suite(.serialized) struct InitTests {
  private func make(_ name: String, _ shape: Shape) throws -> Tensor {
    switch name {
    case "uniform": Init.uniform(shape, -0.5, 2)
    case "normal": Init.normal(shape, mean: 1, deviation: 0.5)
    case "truncatedNormal": Init.truncatedNormal(shape)
    case "truncatedNormal tail": Init.truncatedNormal(shape, 1, 3)
    case "xavierUniform": Init.xavierUniform(shape, gain: 1.5)
    case "xavierNormal": Init.xavierNormal(shape)
    case "kaimingUniform": Init.kaimingUniform(shape, a: 5.0.squareRoot())
    case "kaimingNormal": Init.kaimingNormal(shape, mode: .fanOut, nonlinearity: .relu)
    case "orthogonal": Init.orthogonal(shape, gain: 2)
    case "sparse": Init.sparse(shape, sparsity: 0.35)
    case "eye": Init.eye(shape)
    case "dirac": Init.dirac(shape, groups: 2)
    default: try #require(nil, "no initializer \(name)")
    }
  }

  @Test func valuesArePyTorchs() throws {
    let golden = try LayerGolden.load("initialization", as: LayerGolden.Initialization.self)
    #expect(golden.cases.count == 32)
    for example in golden.cases {
      let name = example.name.split(separator: " ").dropLast().joined(separator: " ")
      seedEverything(3)
      let values = try make(name, Shape(example.values.shape))
      let isExact = ["uniform", "xavierUniform", "kaimingUniform", "eye", "dirac"].contains(name)
      #expect(
        difference(values, example.values, tolerance: isExact ? 0 : 1e-6) == nil, "\(example.name)")
      #expect(Double(Generator.default.uniformFloat()) == example.next, "\(example.name)")
    }
  }

  @Test func gains() throws {
    let golden = try LayerGolden.load("initialization", as: LayerGolden.Initialization.self)
    let own: [String: Init.Nonlinearity] = [
      "linear": .linear, "sigmoid": .sigmoid, "tanh": .tanh, "relu": .relu,
      "leaky_relu": .leakyReLU, "selu": .selu,
    ]
    for (name, gain) in golden.gains {
      #expect(Init.gain(try #require(own[name])) == gain, "\(name)")
    }
  }
}

import Foundation
import LevinNN
import LevinTensor
import Testing

/// Golden data of scripts/golden/make_layers.py.
enum LayerGolden {
  struct Numbers: Decodable {
    enum Value: Decodable {
      case number(Double)
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else {
          self = .number(Double(try container.decode(String.self)) ?? .nan)
        }
      }
      var double: Double {
        switch self {
        case .number(let number): number
        }
      }
    }
    let dtype: String
    let shape: [Int]
    let values: [Value]

    var tensor: Tensor {
      let doubles = values.map(\.double)
      let type = DType.allCases.first { $0.name == dtype } ?? .float32
      return Tensor(doubles, shape: Shape(shape)).to(type)
    }
  }

  struct Layer: Decodable, Sendable, CustomTestStringConvertible {
    struct Named: Decodable {
      let name: String
      let numbers: Numbers
      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        name = try container.decode(String.self)
        numbers = try container.decode(Numbers.self)
      }
    }
    let name: String
    let state: [Named]
    let training: Bool
    let inputs: [Numbers]
    let output: Numbers
    let weights: Numbers
    let gradients: [Numbers?]
    let parameters: [Numbers]
    let buffers: [Named]

    var testDescription: String { name }
  }

  struct Kink: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let points: Numbers
    let output: Numbers
    let gradient: Numbers

    var testDescription: String { name }
  }

  struct Initialization: Decodable {
    struct Case: Decodable {
      let name: String
      let values: Numbers
      let next: Double
    }
    let cases: [Case]
    let gains: [String: Double]
  }

  static func load<Data: Decodable>(_ name: String, as type: Data.Type = Data.self) throws -> Data {
    try JSONDecoder().decode(Data.self, from: Foundation.Data(text("layers/\(name).json").utf8))
  }

  static func text(_ name: String) throws -> String {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(
      contentsOf: folder.appendingPathComponent("Golden/\(name)"), encoding: .utf8)
  }
}

/// How a tensor differs from PyTorch's numbers by more than `tolerance` of their scale; nil if it does not.
func difference(_ found: Tensor, _ expected: LayerGolden.Numbers, tolerance: Double) -> String? {
  guard Array(found.shape) == expected.shape else { return "shape \(found.shape)" }
  let (a, b) = (
    found.detached().to(.float64).scalars(as: Double.self),
    expected.values.map { found.dtype == .float32 ? Double(Float($0.double)) : $0.double }
  )
  let scale = b.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  for (place, (x, y)) in zip(a, b).enumerated() where !(x == y || x.isNaN && y.isNaN) {
    if !(abs(x - y) <= tolerance * scale) { return "element \(place): \(x) for \(y)" }
  }
  return nil
}

/// Every layer and loss against PyTorch: initial parameters, output, gradients, buffers.
@Suite(.serialized) struct LayerTests {
  @Test(arguments: try LayerGolden.load("layers", as: [LayerGolden.Layer].self))
  func equalsPyTorch(_ golden: LayerGolden.Layer) throws {
    seedEverything(0)
    let make = try #require(layerTable[golden.name], "no layer \(golden.name)")
    let (module, call) = make()
    module.train(golden.training)
    let named = module.namedParameters
    #expect(named.map(\.name) == golden.state.map(\.name))
    for (own, expected) in zip(named, golden.state) {
      // Normal numbers from 16 on come of other vector functions than PyTorch's; norms are summed in another order.
      let tolerance = module is Embedding || own.name.hasSuffix("original0") ? 1e-6 : 0
      #expect(difference(own.parameter.value, expected.numbers, tolerance: tolerance) == nil)
    }
    let inputs = zip(golden.inputs, golden.gradients).map { input, gradient in
      gradient == nil ? input.tensor : input.tensor.requiringGradient()
    }
    let output = call(inputs)
    #expect(difference(output, golden.output, tolerance: 2e-6) == nil)
    (output * golden.weights.tensor).sum().backward()
    for (input, expected) in zip(inputs, golden.gradients) {
      guard let expected else { continue }
      let gradient = try #require(input.gradient)
      #expect(difference(gradient, expected, tolerance: 4e-6) == nil)
    }
    for (own, expected) in zip(named, golden.parameters) {
      let gradient = try #require(own.parameter.gradient)
      #expect(difference(gradient, expected, tolerance: 4e-6) == nil)
    }
    let buffers = module.namedBuffers
    #expect(buffers.map(\.name) == golden.buffers.map(\.name))
    for (own, expected) in zip(buffers, golden.buffers) {
      #expect(difference(own.buffer.value, expected.numbers, tolerance: 2e-6) == nil)
    }
  }

  /// At the points where formulas change, at infinities and at NaN, in float64.
  @Test(arguments: try LayerGolden.load("kinks", as: [LayerGolden.Kink].self))
  func kinksArePyTorchs(_ golden: LayerGolden.Kink) throws {
    let make = try #require(layerTable[golden.name])
    let (_, call) = make()
    let x = golden.points.tensor.requiringGradient()
    let y = call([x])
    #expect(difference(y, golden.output, tolerance: 1e-14) == nil)
    let gradient = try #require(
      gradients(of: [y], withRespectTo: [x], gradients: [x.fullLike(2)])[0])
    #expect(difference(gradient, golden.gradient, tolerance: 1e-14) == nil)
  }

  @Test func embeddingShortensRows() {
    let layer = Embedding(pretrained: Tensor([[3, 4], [0.3, 0.4]] as [[Float]]))
    #expect(layer.parameters.allSatisfy { !$0.requiresGradient })
    let bounded = Embedding(2, 2, maxNorm: 1)
    bounded.weight.assign(Tensor([[3, 4], [6, 8]] as [[Float]]))
    _ = bounded(Tensor([0] as [Int64]))
    // Only the row that was looked up.
    let norms = bounded.weight.value.norm(dimensions: [1]).scalars(as: Float.self)
    #expect(abs(norms[0] - 1) < 1e-6 && norms[1] == 10)
  }
}

import Foundation
import LevinFormats
import LevinNN
import LevinTensor
import Testing

@Suite(.serialized) struct ModuleTests {
  struct Golden: Decodable { let tutorial: [String: String] }

  /// All initial weights of the tutorial's model, bit for bit, in the order of PyTorch's state_dict.
  @Test func initialWeightsArePyTorchs() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    let golden = try JSONDecoder().decode(
      Golden.self,
      from: Data(contentsOf: folder.appendingPathComponent("Golden/engine/random.json")))
    #expect(golden.tutorial.count == 4)
    for (seed, hash) in golden.tutorial {
      seedEverything(try #require(UInt64(seed)))
      let model = Sequential(Linear(784, 128), ReLU(), Linear(128, 64), ReLU(), Linear(64, 10))
      let bytes = model.stateDictionary.flatMap { $0.tensor.withUnsafeBytes { Array($0) } }
      #expect(SHA256.hexadecimal(of: bytes) == hash)
    }
  }

  class Base: Module {
    let first = Linear(2, 3)
  }
  final class Example: Base {
    let layers: [Layer] = [Linear(3, 3), ReLU(), Linear(3, 2, bias: false)]
    var head: Linear? = Linear(2, 1)
    var missing: Linear?
    lazy var late = Linear(1, 1)
    let scale = Parameter(Tensor([1] as [Float]))
    let shared: Linear
    let again: Linear
    override init() {
      shared = Linear(1, 1)
      again = shared
    }
  }

  @Test func names() {
    let example = Example()
    _ = example.late
    #expect(
      example.namedParameters.map(\.name) == [
        "scale", "first.weight", "first.bias", "layers.0.weight", "layers.0.bias",
        "layers.2.weight",
        "head.weight", "head.bias", "late.weight", "late.bias", "shared.weight", "shared.bias",
      ])
  }

  @Test func modesReachEveryChild() {
    let example = Example()
    _ = example.late
    example.train(false)
    #expect(example.namedModules.allSatisfy { !$0.module.isTraining })
    example.train()
    #expect(example.namedModules.allSatisfy { $0.module.isTraining })
  }

  @Test func stateThatDoesNotFit() throws {
    let model = Sequential(Linear(2, 3))
    let before = model.parameters[0].value.scalars(as: Float.self)
    let error = #expect(throws: StateError.self) {
      try model.loadState(["0.weight": .zeros([3, 4]), "1.weight": .zeros([1])])
    }
    #expect(
      error?.description == """
        the weights do not fit the model:
          0.weight: found shape [3, 4], expected [3, 2]
          0.bias: missing
          1.weight: the model has no such parameter
        """)
    #expect(model.parameters[0].value.scalars(as: Float.self) == before)
  }

  @Test func reluAfterLinearIsTheSameFusedOrNot() {
    let (linear, x) = (Linear(5, 4), Tensor.uniform([3, 5], -2, 2))
    let fused = Sequential(linear, ReLU())(x).scalars(as: Float.self)
    #expect(fused == ReLU()(linear(x)).scalars(as: Float.self))
    #expect(fused.contains(0) && fused.contains { $0 > 0 })
  }
}

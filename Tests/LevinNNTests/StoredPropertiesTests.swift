import LevinNN
import LevinTensor
import Testing

/// Layers are found wherever a module keeps them, or refused with their name: never left out.
@Suite struct StoredPropertiesTests {
  struct Block {
    let inner = Linear(1, 1, bias: false)
    let text = "no layer"
  }
  enum Head {
    case linear(Linear)
    case none
  }
  @propertyWrapper struct Wrapped<Value> {
    var wrappedValue: Value
  }
  final class Everywhere: Module {
    let named = ["b": Linear(1, 1, bias: false), "a": Linear(1, 1, bias: false)]
    let numbered: [Int: Module] = [10: Linear(1, 1, bias: false), 9: Linear(1, 1, bias: false)]
    let rows = [[Linear(1, 1, bias: false)], [], [Linear(1, 1, bias: false)]]
    let gaps: [Linear?] = [nil, Linear(1, 1, bias: false)]
    let mixed: [Any] = [1, Linear(1, 1, bias: false)]
    let pair = (Linear(1, 1, bias: false), last: Linear(1, 1, bias: false))
    let block = Block()
    let head = Head.linear(Linear(1, 1, bias: false))
    let scales = ["x": Parameter(Tensor([1] as [Float]))]
    @Wrapped var wrapped = Linear(1, 1, bias: false)
    private let _own = Linear(1, 1, bias: false)
    lazy var late: Linear? = nil
    lazy var table: [Int] = [1]
    let data = [UInt8](repeating: 0, count: 100_000)
    let words = ["one": 1, "two": 2]
  }

  @Test func everywhere() {
    let module = Everywhere()
    _ = module.late
    #expect(
      module.namedParameters.map(\.name) == [
        "scales.x", "named.a.weight", "named.b.weight", "numbered.9.weight", "numbered.10.weight",
        "rows.0.0.weight", "rows.2.0.weight", "gaps.1.weight", "mixed.1.weight", "pair.0.weight",
        "pair.last.weight", "block.inner.weight", "head.linear.weight", "wrapped.weight",
        "_own.weight",
      ])
  }

  private func text(_ result: ExitTest.Result?) throws -> String {
    String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
  }

  @Test func aLazyLayerThatIsNotBuiltIsRefusedByName() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      final class Net: Module {
        let body = Linear(2, 2)
        lazy var head = Linear(2, 1)
      }
      _ = Net().parameters
    }
    #expect(
      try text(result).contains(
        "Net.head: found a lazy property that is not built yet; expected its layers and parameters, "
          + "to train and to save them; declare it with let, or build it with _ = head at the end "
          + "of init or in configureModel()"))
  }

  @Test func aLazyDictionaryOfLayersToo() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      final class Net: Module {
        lazy var heads: [String: [Parameter]]? = [:]
      }
      _ = Net().namedModules
    }
    #expect(try text(result).contains("Net.heads: found a lazy property that is not built yet"))
  }

  @Test func aSetOfLayersIsRefused() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      final class Key: Module, Hashable {
        static func == (a: Key, b: Key) -> Bool { a === b }
        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
      }
      final class Net: Module { let layers: Set = [Key()] }
      _ = Net().parameters
    }
    #expect(
      try text(result).contains(
        "Net.layers: found a set of layers; expected layers with an order or names; keep them in "
          + "an array or a dictionary"))
  }

  @Test func sizesOfALinearLayer() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Linear(-1, 3) }
    #expect(
      try text(result).contains(
        "Linear(-1, 3): found -1 input and 3 output features; expected at least 1 of each"))
  }

  @Test func inputsOfALinearLayer() async throws {
    let narrow = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Linear(2, 8)(Tensor.zeros([4, 3])) }
    #expect(
      try text(narrow).contains(
        "Linear: found input [4, 3]; expected […, 2]; give it inputs of 2 features, "
          + "or make the layer Linear(3, 8)"))
    let image = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Linear(784, 10)(Tensor.zeros([2, 28, 28])) }
    #expect(
      try text(image).contains(
        "flatten the input first, with Flatten() or reshaped(to: [-1, 784])"))
  }
}

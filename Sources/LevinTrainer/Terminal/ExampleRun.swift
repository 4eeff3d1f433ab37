internal import LevinNN
internal import LevinTensor

/// What an example input shows of a module's layers: the sizes that go in and come out, and the number of
/// floating-point operations of products and convolutions (a multiplication and an addition each), as
/// `torch.utils.flop_counter` counts them.
struct ExampleRun {
  struct Layer {
    var inputs: [Shape] = []
    var outputs: [Shape] = []
    var operations = 0
  }

  /// The layers by their names in the module.
  private(set) var layers: [String: Layer] = [:]
  /// The operations of the whole module.
  private(set) var operations = 0

  init(of module: LightningModuleBase, _ input: Tensor) throws {
    var found: [String: Layer] = [:]
    let hooks = module.namedModules.dropFirst().map { name, child in
      child.onForward { call in
        guard found[name] == nil else { return }
        found[name] = Layer(
          inputs: call.inputs.map(\.shape), outputs: call.outputs.map(\.shape))
      }
    }
    defer { for hook in hooks { hook.remove() } }
    let counter = OperationCounter(module)
    try module.evaluatingExample {
      try observingOperations(by: counter) { _ = try module.forward(input) }
    }
    for (name, count) in counter.counts { found[name, default: Layer()].operations = count }
    (layers, operations) = (found, counter.total)
  }
}

private final class OperationCounter: OperationObserver {
  private(set) var counts: [String: Int] = [:]
  private(set) var total = 0
  private let names: [ObjectIdentifier: String]

  init(_ module: Module) {
    names = Dictionary(
      module.namedModules.dropFirst().map { (ObjectIdentifier($0.module), $0.name) },
      uniquingKeysWith: { first, _ in first })
  }

  func operationEnded(_ operation: ObservedOperation) {
    guard operation.depth == 0, let count = Self.count(operation), count > 0 else { return }
    total += count
    // An operation counts for its layer and for each that contains it.
    for scope in operation.scopes {
      if let name = names[ObjectIdentifier(scope)] { counts[name, default: 0] += count }
    }
  }

  private static func count(_ operation: ObservedOperation) -> Int? {
    guard operation.inputs.count > 1, let output = operation.outputs.first else { return nil }
    let (input, other) = (operation.inputs[0], operation.inputs[1])
    func isNamed(_ name: String) -> Bool { operation.name.hasPrefix(name) }
    if isNamed("matmul(") || isNamed("linear(") {
      return 2 * output.elementCount * (input.shape.last ?? 0)
    }
    // A weight is [out, in / groups, …], that of a transposed convolution [in, out / groups, …].
    guard isNamed("conv"), other.rank > 2 else { return nil }
    let perElement = other.elementCount / max(other.shape[0], 1)
    return 2 * (isNamed("convTranspose") ? input : output).elementCount * perElement
  }
}

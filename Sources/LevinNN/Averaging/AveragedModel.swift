internal import LevinSystem
public import LevinTensor

/// Averages of a model's parameters over a training (PyTorch's `AveragedModel`).
///
/// The averages are separate from the model, whose training continues. ``apply(to:)`` copies them into a model with the
/// same layers; ``withAverages(in:_:)`` does so only during an evaluation.
public final class AveragedModel {
  /// How much each state counts.
  public enum Averaging: Sendable, Equatable {
    /// All states count equally (Izmailov and others 2018).
    case equal
    /// The newest state counts 1 − decay, the previous average counts decay, 0 to 1.
    case exponential(decay: Double)
  }

  /// How much each state counts.
  public let averaging: Averaging
  /// Whether buffers are averaged; otherwise they are copies of the model's latest ones.
  public let averagesBuffers: Bool
  /// The number of states averaged so far (PyTorch's `n_averaged`).
  public private(set) var count = 0
  private var averages: [(name: String, tensor: Tensor)]
  private let parameterNames: Set<String>

  /// Creates averages for a model, without any state so far.
  ///
  /// Traps if the decay is outside 0…1.
  public init(_ model: Module, _ averaging: Averaging = .equal, averagesBuffers: Bool = false) {
    if case .exponential(let decay) = averaging, !(0...1).contains(decay) {
      fail("AveragedModel", "a decay of \(decay)", expected: "0 to 1")
    }
    (self.averaging, self.averagesBuffers) = (averaging, averagesBuffers)
    averages = model.stateDictionary
    parameterNames = Set(model.namedParameters.map(\.name))
  }

  /// Adds the model's state to the averages; the first state is the average.
  ///
  /// Traps if the model has other layers.
  public func update(_ model: Module) {
    let state = model.stateDictionary
    guard state.map(\.name) == averages.map(\.name) else {
      fail("AveragedModel.update(_:)", "a model of other layers", expected: "the same layers")
    }
    withoutGradients {
      for (index, new) in state.enumerated() {
        let isAveraged = averagesBuffers || parameterNames.contains(new.name)
        guard count > 0, isAveraged, new.tensor.dtype.isFloatingPoint else {
          averages[index].tensor = new.tensor
          continue
        }
        let weight =
          switch averaging {
          case .equal: 1 / Double(count + 1)
          case .exponential(let decay): 1 - decay
          }
        averages[index].tensor = averages[index].tensor.lerp(new.tensor, weight)
      }
    }
    count += 1
  }

  /// Overwrites the parameters and buffers of a model with the averages; throws ``StateError`` if it has other layers.
  public func apply(to model: Module) throws {
    try model.loadState(Dictionary(averages.map { ($0.name, $0.tensor) }) { first, _ in first })
  }

  /// Calls `body` while the averages are in the model, then restores the model's own state.
  public func withAverages<Result>(in model: Module, _ body: () throws -> Result) throws -> Result {
    let own = Dictionary(model.stateDictionary.map { ($0.name, $0.tensor) }) { first, _ in first }
    try apply(to: model)
    let result = Swift.Result { try body() }
    try model.loadState(own)
    return try result.get()
  }

  /// The averages under PyTorch's names: `n_averaged`, `module.…`.
  public var stateDictionary: [(name: String, tensor: Tensor)] {
    [("n_averaged", Tensor(Int64(count)))] + averages.map { ("module.\($0.name)", $0.tensor) }
  }

  /// Restores a ``stateDictionary``, from Levin or PyTorch.
  ///
  /// Throws ``StateError`` and changes nothing if names or shapes do not match.
  public func loadState(_ state: [String: Tensor]) throws {
    let counter = StateMember(
      name: "n_averaged", value: Tensor(Int64(count)), identity: "n_averaged"
    ) { [self] in count = Int(max(0, min($0.item(), 0x1p53))) }
    let members = averages.enumerated().map { index, average in
      let name = "module.\(average.name)"
      return StateMember(name: name, value: average.tensor, identity: name) { [self] in
        averages[index].tensor = $0.detached()
      }
    }
    _ = try ([counter] + members).load(state)
  }
}

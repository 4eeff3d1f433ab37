public import LevinTensor

extension Module {
  /// Copies of all parameters, under PyTorch's names, in PyTorch's order.
  public var stateDictionary: [(name: String, tensor: Tensor)] {
    namedParameters.map { ($0.name, $0.parameter.value.detached()) }
  }

  /// Overwrites all parameters.
  ///
  /// Throws ``StateError`` and changes nothing if names or shapes do not match.
  public func loadState(_ state: [String: Tensor]) throws {
    let own = namedParameters
    let names = Set(own.map(\.name))
    let error = StateError(
      missing: own.map(\.name).filter { state[$0] == nil },
      unexpected: state.keys.filter { !names.contains($0) }.sorted(),
      misshapen: own.compactMap { name, parameter in
        guard let tensor = state[name], tensor.shape != parameter.shape else { return nil }
        return .init(name: name, found: tensor.shape, expected: parameter.shape)
      })
    guard error.isEmpty else { throw error }
    for (name, parameter) in own {
      if let tensor = state[name] { parameter.assign(tensor.to(parameter.dtype)) }
    }
  }
}

/// A state dictionary that does not match a module.
public struct StateError: Error, CustomStringConvertible {
  /// A tensor of the wrong shape.
  public struct Misshapen: Sendable {
    /// The name of the parameter.
    public let name: String
    /// The shape in the state.
    public let found: Shape
    /// The shape in the module.
    public let expected: Shape
  }
  /// Names that the module has and the state lacks.
  public let missing: [String]
  /// Names that the module lacks.
  public let unexpected: [String]
  /// Tensors of the wrong shape.
  public let misshapen: [Misshapen]

  var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }

  /// What does not match, one line each.
  public var description: String {
    var lines = ["the weights do not fit the model:"]
    lines += misshapen.map { "  \($0.name): found shape \($0.found), expected \($0.expected)" }
    lines += missing.map { "  \($0): missing" }
    lines += unexpected.map { "  \($0): the model has no such parameter" }
    return lines.joined(separator: "\n")
  }
}

internal import LevinConfiguration
public import LevinTensor

/// Names that a state and a module do not share (what PyTorch's `load_state_dict` returns).
public struct UnmatchedNames: Equatable, Sendable {
  /// Names that are in the module but not in the state.
  public let missing: [String]
  /// Names that the state has and the module lacks.
  public let unexpected: [String]

  /// Whether all names match.
  public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty }

  /// For names of ``missing``, the most similar of ``unexpected``, if one is: probably the same tensor.
  ///
  /// Of long lists, only the first names are compared.
  public var nearest: [String: String] {
    let candidates = unexpected.prefix(100)
    return Dictionary(
      uniqueKeysWithValues: missing.prefix(100).compactMap { name in
        KeyName.nearest(to: name, in: candidates).map { (name, $0) }
      })
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
  /// Names that are in the module but not in the state.
  public let missing: [String]
  /// Names that are in the state but not in the module.
  public let unexpected: [String]
  /// Tensors of the wrong shape.
  public let misshapen: [Misshapen]

  /// What does not match, one line each.
  public var description: String {
    var lines = ["the weights do not fit the model:"]
    lines += misshapen.map { "  \($0.name): found shape \($0.found), expected \($0.expected)" }
    let nearest = UnmatchedNames(missing: missing, unexpected: unexpected).nearest
    lines += missing.map { name in
      "  \(name): missing" + (nearest[name].map { "; is it '\($0)'?" } ?? "")
    }
    lines += unexpected.map { "  \($0): the model has no such parameter" }
    return lines.joined(separator: "\n")
  }
}

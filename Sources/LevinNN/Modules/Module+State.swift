public import LevinTensor

extension Module {
  /// The values of all parameters and persistent buffers under PyTorch's names and in its order: module by module, parameters
  /// first.
  public var stateDictionary: [(name: String, tensor: Tensor)] {
    stateMembers.map { ($0.name, $0.value) }
  }

  /// Overwrites all parameters and persistent buffers; numbers are converted to the dtype of the values that they
  /// replace.
  ///
  /// Throws ``StateError`` and changes nothing if names or shapes do not match.
  public func loadState(_ state: [String: Tensor]) throws {
    let own = stateMembers
    let names = Set(own.map(\.name))
    let error = StateError(
      missing: own.map(\.name).filter { state[$0] == nil },
      unexpected: state.keys.filter { !names.contains($0) }.sorted(),
      misshapen: own.compactMap { member in
        guard let tensor = state[member.name], tensor.shape != member.value.shape else {
          return nil
        }
        return .init(name: member.name, found: tensor.shape, expected: member.value.shape)
      })
    guard error.isEmpty else { throw error }
    for member in own {
      if let tensor = state[member.name] { member.assign(tensor.to(member.value.dtype)) }
    }
  }

  private struct StateMember {
    let name: String
    let value: Tensor
    let assign: (Tensor) -> Void
  }

  private var stateMembers: [StateMember] {
    var seen: Set<ObjectIdentifier> = []
    return namedModules.flatMap { path, module in
      let members = module.ownMembers.map {
        (name: path.isEmpty ? $0.name : "\(path).\($0.name)", value: $0.value)
      }
      let parameters = members.compactMap { name, value -> StateMember? in
        guard let parameter = value as? Parameter,
          seen.insert(ObjectIdentifier(parameter)).inserted
        else { return nil }
        return StateMember(
          name: name, value: parameter.value.detached(), assign: parameter.assign)
      }
      let buffers = members.compactMap { name, value -> StateMember? in
        guard let buffer = value as? Buffer, buffer.isPersistent,
          seen.insert(ObjectIdentifier(buffer)).inserted
        else { return nil }
        return StateMember(name: name, value: buffer.value) { buffer.value = $0 }
      }
      return parameters + buffers
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
  /// Names that are in the module but not in the state.
  public let missing: [String]
  /// Names that are in the state but not in the module.
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

internal import LevinConfiguration
public import LevinTensor

extension Module {
  /// The values of all parameters and persistent buffers under PyTorch's names and in its order: module by module, parameters
  /// first.
  ///
  /// A tied parameter, or a module that is held twice, appears under each of its names, as in PyTorch's `state_dict`.
  public var stateDictionary: [(name: String, tensor: Tensor)] {
    stateMembers.map { ($0.name, $0.value) }
  }

  /// Overwrites all parameters and persistent buffers; numbers are converted to the dtype of the values that they
  /// replace.
  ///
  /// One name of a tied parameter is enough. Unless `strict`, parameters and buffers that are missing in `state` keep
  /// their values, and names that the module lacks are ignored; both are returned. Throws ``StateError`` and changes
  /// nothing if names or shapes do not match.
  @discardableResult
  public func loadState(
    _ state: [String: Tensor], strict: Bool = true
  ) throws -> UnmatchedNames {
    let own = stateMembers
    let names = Set(own.map(\.name))
    let given = Set(own.filter { state[$0.name] != nil }.map(\.identity))
    let unmatched = UnmatchedNames(
      missing: own.filter { !given.contains($0.identity) }.map(\.name),
      unexpected: state.keys.filter { !names.contains($0) }.sorted())
    let misshapen = own.compactMap { member -> StateError.Misshapen? in
      guard let tensor = state[member.name], tensor.shape != member.value.shape else { return nil }
      return .init(name: member.name, found: tensor.shape, expected: member.value.shape)
    }
    guard misshapen.isEmpty, unmatched.isEmpty || !strict else {
      throw StateError(
        missing: strict ? unmatched.missing : [], unexpected: strict ? unmatched.unexpected : [],
        misshapen: misshapen)
    }
    for member in own {
      guard let tensor = state[member.name] else { continue }
      member.assign(tensor.to(member.value.dtype).to(member.value.device))
    }
    return unmatched
  }

  private struct StateMember {
    let name: String
    let value: Tensor
    let identity: ObjectIdentifier
    let assign: (Tensor) -> Void
  }

  private var stateMembers: [StateMember] {
    var found: [StateMember] = []
    var above: Set<ObjectIdentifier> = []
    func visit(_ module: Module, _ prefix: String) {
      // If a child holds its parent, the parent is not visited again.
      guard above.insert(ObjectIdentifier(module)).inserted else { return }
      defer { above.remove(ObjectIdentifier(module)) }
      let members = module.ownMembers.map { (name: prefix + $0.name, value: $0.value) }
      for case (let name, let parameter as Parameter) in members {
        found.append(
          StateMember(
            name: name, value: parameter.value.detached(), identity: ObjectIdentifier(parameter),
            assign: parameter.assign))
      }
      for case (let name, let buffer as Buffer) in members where buffer.isPersistent {
        found.append(
          StateMember(name: name, value: buffer.value, identity: ObjectIdentifier(buffer)) {
            buffer.value = $0
          })
      }
      for case (let name, let child as Module) in members { visit(child, name + ".") }
    }
    visit(self, "")
    return found
  }
}

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

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
    try stateMembers.load(state, strict: strict)
  }

  private var stateMembers: [StateMember] {
    var found: [StateMember] = []
    var above: Set<ObjectIdentifier> = []
    func visit(_ module: Module, _ prefix: String) {
      // If a child holds its parent, the parent is not visited again.
      guard above.insert(ObjectIdentifier(module)).inserted else { return }
      defer { above.remove(ObjectIdentifier(module)) }
      let members = module.namedMembers.map { (name: prefix + $0.name, value: $0.value) }
      for case (let name, let parameter as Parameter) in members {
        found.append(
          StateMember(
            name: name, value: parameter.value.detached(), identity: ObjectIdentifier(parameter),
            assign: parameter.assign))
      }
      for case (let name, let buffer as Buffer) in members where buffer.isPersistent {
        found.append(
          StateMember(name: name, value: buffer.value, identity: ObjectIdentifier(buffer)) {
            buffer.value = $0.settled()
          })
      }
      for case (let name, let child as Module) in members { visit(child, name + ".") }
    }
    visit(self, "")
    return found
  }
}

internal import LevinTensor

/// A tensor of a state dictionary, and how it is overwritten.
struct StateMember {
  let name: String
  let value: Tensor
  /// The same for all names of a tied tensor.
  let identity: AnyHashable
  let assign: (Tensor) -> Void
}

extension [StateMember] {
  /// Overwrites the members with the tensors of their names, converted to dtype and device of those that they replace.
  ///
  /// One name of a tied tensor is enough. Throws ``StateError`` and changes nothing if shapes differ or, if `strict`,
  /// names.
  func load(_ state: [String: Tensor], strict: Bool = true) throws -> UnmatchedNames {
    let names = Set(map(\.name))
    let given = Set(filter { state[$0.name] != nil }.map(\.identity))
    let unmatched = UnmatchedNames(
      missing: filter { !given.contains($0.identity) }.map(\.name),
      unexpected: state.keys.filter { !names.contains($0) }.sorted())
    let misshapen = compactMap { member -> StateError.Misshapen? in
      guard let tensor = state[member.name], tensor.shape != member.value.shape else { return nil }
      return .init(name: member.name, found: tensor.shape, expected: member.value.shape)
    }
    guard misshapen.isEmpty, unmatched.isEmpty || !strict else {
      throw StateError(
        missing: strict ? unmatched.missing : [], unexpected: strict ? unmatched.unexpected : [],
        misshapen: misshapen)
    }
    for member in self {
      guard let tensor = state[member.name] else { continue }
      member.assign(tensor.to(member.value.dtype).to(member.value.device))
    }
    return unmatched
  }
}

public import LevinTensor

extension Module {
  /// The module at a path of names such as `layer4.0.conv1`, or this one at ""; nil if there is none (PyTorch's
  /// `get_submodule`).
  public func child(at path: String) -> Module? { path.isEmpty ? self : member(at: path) }

  /// The parameter at a path such as `fc.weight`; nil if there is none.
  public func parameter(at path: String) -> Parameter? { member(at: path) }

  /// The buffer at a path such as `bn1.running_mean`; nil if there is none.
  public func buffer(at path: String) -> Buffer? { member(at: path) }

  private func member<Member>(at path: String) -> Member? {
    for (name, value) in namedMembers {
      if name == path { return value as? Member }
      if path.hasPrefix(name + "."),
        let found: Member = (value as? Module)?
          .member(at: String(path.dropFirst(name.count + 1)))
      {
        return found
      }
    }
    return nil
  }
}

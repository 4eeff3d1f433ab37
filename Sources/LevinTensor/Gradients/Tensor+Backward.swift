extension Tensor {
  /// Adds the gradient of this scalar to every parameter that it was computed from.
  ///
  /// The tape is spent after.
  ///
  /// Traps where this is no scalar, or was not computed from parameters, or backward has been here before.
  public func backward() {
    ShapeChecks.isSingle(self, for: "backward()")
    guard let node else {
      ShapeChecks.fail(
        "backward()", "a tensor without a tape", expected: "one computed from parameters",
        hint: "it was detached, or computed inside withoutGradients")
    }
    withoutGradients {
      node.receive(Tensor.full(shape, 1))
      let (operations, leaves) = node.reachable()
      for node in operations { node.passOn() }
      for leaf in leaves { leaf.passOn() }
    }
  }
}

extension GradientNode {
  /// This node and all below it, by falling sequence number: operations, and the leaves that they end in.
  fileprivate func reachable() -> (operations: [GradientNode], leaves: [GradientNode]) {
    let number = Tape.nextPass()
    var (operations, leaves): ([GradientNode], [GradientNode]) = ([], [])
    func find(_ node: GradientNode) {
      guard node.isNew(in: number) else { return }
      if node.isLeaf { leaves.append(node) } else { operations.append(node) }
    }
    find(self)
    var next = 0
    while next < operations.count {
      operations[next].forEachInput(find)
      next += 1
    }
    operations.sortBySequence()
    leaves.sortBySequence()
    return (operations, leaves)
  }
}

extension [GradientNode] {
  /// By falling number; most tapes are found in that order.
  fileprivate mutating func sortBySequence() {
    let isSorted = zip(self, dropFirst()).allSatisfy { $0.sequence > $1.sequence }
    if !isSorted { sort { $0.sequence > $1.sequence } }
  }
}

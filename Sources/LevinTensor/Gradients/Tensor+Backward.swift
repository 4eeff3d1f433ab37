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
      node.gradient = Tensor.full(shape, 1)
      for node in node.reachable() {
        guard let gradient = node.gradient.take() else { continue }
        if let parameter = node.parameter {
          parameter.accumulate(gradient)
          continue
        }
        guard let backward = node.backward else {
          ShapeChecks.fail(
            "backward()", "a tape that is spent", expected: "one backward for each forward",
            hint: "compute the loss again")
        }
        let gradients = backward(gradient)
        for (input, gradient) in zip(node.inputs, gradients) {
          if let input, let gradient { input.receive(gradient) }
        }
        node.spend()
      }
    }
  }
}

extension GradientNode {
  /// This node and all below it, by falling sequence number.
  fileprivate func reachable() -> [GradientNode] {
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(self)]
    var found = [self]
    var next = 0
    while next < found.count {
      for case let input? in found[next].inputs where seen.insert(ObjectIdentifier(input)).inserted
      {
        found.append(input)
      }
      next += 1
    }
    return found.sorted { $0.sequence > $1.sequence }
  }
}

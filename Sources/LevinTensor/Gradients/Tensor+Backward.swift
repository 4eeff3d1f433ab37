internal import LevinSystem

extension Tensor {
  /// Adds the gradients of this tensor to every leaf that it was computed from.
  ///
  /// `gradient` is that of some scalar with respect to this tensor; a tensor of one element needs none. Without `retainGraph`
  /// the record is used up. Traps where this was not computed from leaves, or the record is used up.
  public func backward(gradient: Tensor? = nil, retainGraph: Bool = false) {
    guard node != nil else {
      fail(
        "backward()", "a tensor without a record", expected: "one computed from parameters",
        hint: "it was detached, or computed inside withoutGradients")
    }
    BackwardPass.run(
      from: [(self, startingGradient(gradient, for: "backward()"))], retainsGraph: retainGraph,
      createsGraph: false)
  }

  fileprivate func startingGradient(_ gradient: Tensor?, for operation: String) -> Tensor {
    guard let gradient else {
      ShapeChecks.isSingle(self, for: operation)
      return onesLike()
    }
    guard gradient.shape == shape else {
      fail(
        operation, "a gradient of shape \(gradient.shape)", expected: "the tensor's own, \(shape)")
    }
    ShapeChecks.sameDevice([self, gradient], for: operation)
    return gradient.to(dtype)
  }

  /// A leaf with these values: gradients of what is computed from it arrive in ``gradient``.
  ///
  /// Traps for integers, which have no gradients.
  public func requiringGradient() -> Tensor {
    ShapeChecks.isFloatingPoint(self, for: "requiringGradient()")
    return detached().recorded(GradientNode(leaf: Leaf()))
  }

  /// The gradient that has arrived at a leaf; nil for other tensors, and before the first backward.
  public var gradient: Tensor? { node?.leaf?.gradient }

  /// Whether this is a leaf of the record: it was not computed from others.
  public var isLeaf: Bool { node == nil || node?.leaf != nil }

  /// Calls `hook` with the gradient of this tensor during each backward pass; what it returns takes its place.
  ///
  /// Traps where the tensor is not recorded. A hook should not hold the tensor itself.
  public func onGradient(_ hook: @escaping (Tensor) -> Tensor?) {
    guard let node else {
      fail(
        "onGradient(_:)", "a tensor without a record", expected: "one computed from parameters")
    }
    node.addHook(of: output, hook)
  }
}

/// The gradients of `outputs` with respect to `inputs` (PyTorch's `torch.autograd.grad`): one for each input, nil where the
/// outputs do not depend on it.
///
/// Nothing is added to any leaf. With `createGraph` the gradients are recorded and can be differentiated again, and the
/// record is kept. `gradients` start the walk, one for each output; an output of one element needs none. Traps where an input
/// is not recorded.
public func gradients(
  of outputs: [Tensor], withRespectTo inputs: [Tensor], gradients: [Tensor?]? = nil,
  retainGraph: Bool = false, createGraph: Bool = false
) -> [Tensor?] {
  for input in inputs where input.node == nil {
    fail(
      "gradients(of:withRespectTo:)", "an input without a record",
      expected: "leaves, or tensors computed from them",
      hint: "make it a leaf with requiringGradient() before the computation")
  }
  let roots = outputs.enumerated().map { index, output in
    (
      output,
      output.startingGradient(gradients?[index], for: "gradients(of:withRespectTo:)")
    )
  }
  return BackwardPass.run(
    from: roots, targets: inputs, retainsGraph: retainGraph || createGraph,
    createsGraph: createGraph
  ).map { createGraph ? $0 : $0?.detached() }
}

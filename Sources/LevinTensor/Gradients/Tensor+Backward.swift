internal import LevinSystem

extension Tensor {
  /// Adds the gradients of this tensor to every leaf that it was computed from.
  ///
  /// `gradient` is the gradient of some scalar with respect to this tensor; a tensor with one element needs none.
  /// Without `retainGraph` the record is used up. Traps if this tensor was not computed from leaves, or if the record
  /// is used up.
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
    ShapeChecks.sameDevice(self, gradient, for: operation)
    return gradient.to(dtype)
  }

  /// Returns a leaf with these values: gradients of what is computed from it arrive in ``gradient``.
  ///
  /// Traps for integers, which have no gradients.
  public func requiringGradient() -> Tensor {
    ShapeChecks.isFloatingPoint(self, for: "requiringGradient()")
    return detached().recorded(GradientNode(leaf: Leaf()))
  }

  /// The gradient that has accumulated at a leaf; nil for other tensors, and before the first backward pass.
  public var gradient: Tensor? { node?.leaf?.gradient }

  /// Whether this tensor is a leaf: it was not computed from recorded tensors.
  public var isLeaf: Bool { node == nil || node?.leaf != nil }

  /// Calls `hook` with the gradient of this tensor during each backward pass; a gradient that it returns replaces it.
  ///
  /// Traps if the tensor is not recorded. A hook should not capture the tensor itself.
  public func onGradient(_ hook: @escaping (Tensor) -> Tensor?) {
    guard let node else {
      fail(
        "onGradient(_:)", "a tensor without a record", expected: "one computed from parameters")
    }
    node.addHook(of: output, hook)
  }
}

/// Returns the gradients of `outputs` with respect to `inputs` (PyTorch's `torch.autograd.grad`): one for each input,
/// nil if the outputs do not depend on it.
///
/// No leaf is changed. With `createGraph` the gradients are recorded and can be differentiated again, and the record
/// is kept. `gradients` are the gradients of the outputs, one each; an output with one element needs none. Traps if
/// an input is not recorded.
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

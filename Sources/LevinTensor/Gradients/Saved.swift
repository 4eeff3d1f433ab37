internal import LevinSystem

/// A tensor that the backward pass needs: one of the operation's inputs, or an output.
///
/// It holds only the values, not the record, so that there are no reference cycles. If gradients are recorded in
/// turn, it gets its place in the record back from the node.
struct Saved {
  enum Place {
    case input(Int)
    case output(UInt32)
  }
  fileprivate let tensor: Tensor?
  fileprivate let place: Place
  /// The dtype that the operation computed in.
  let dtype: DType

  fileprivate init(tensor: Tensor?, place: Place, dtype: DType) {
    (self.tensor, self.place, self.dtype) = (tensor, place, dtype)
  }

  /// Saves a tensor in its own dtype, or with `dtype` if the operation computes in another one.
  init(_ tensor: Tensor, _ place: Place, dtype: DType? = nil) {
    self.init(tensor: tensor.detached(), place: place, dtype: dtype ?? tensor.dtype)
  }

  /// The shape of the saved tensor, [] if nothing is saved.
  var shape: Shape { tensor?.shape ?? [] }
}

/// Saves tensors while an operation is recorded.
struct Saving {
  /// One bit for each input that is recorded.
  let recorded: UInt64
  /// The dtype that the operation computes in.
  let dtype: DType

  init(_ a: Tensor, dtype: DType) {
    recorded = a.node != nil ? 1 : 0
    self.dtype = dtype
  }

  init(_ a: Tensor, _ b: Tensor, dtype: DType) {
    recorded = (a.node != nil ? 1 : 0) | (b.node != nil ? 2 : 0)
    self.dtype = dtype
  }

  /// Saves `tensor`, which is input `index`, for the gradients of the inputs `needed`; it is kept only if one of
  /// those is recorded.
  func input(_ index: Int, _ tensor: Tensor, for needed: Int, _ also: Int? = nil) -> Saved {
    let isNeeded = recorded & (1 << needed | 1 << (also ?? needed)) != 0
    return Saved(
      tensor: isNeeded ? tensor.detached() : nil, place: .input(index), dtype: dtype)
  }

  /// Saves `tensor`, which is the output.
  func output(_ tensor: Tensor) -> Saved {
    Saved(tensor: tensor, place: .output(0), dtype: dtype)
  }
}

/// One node of a backward pass: the gradients of its outputs, and access to those of its inputs.
struct BackwardStep {
  let pass: BackwardPass
  let node: GradientNode
  let index: Int

  /// The gradient of output 0.
  var gradient: Tensor {
    guard let gradient = pass.gradient(index, 0) else {
      fail("backward()", "no gradient at \(node.name)", expected: "one")
    }
    return gradient
  }

  /// The gradient of an output; nil if nothing was computed from it.
  func gradient(of output: Int) -> Tensor? { pass.gradient(index, UInt32(output)) }

  /// Whether the gradient that arrived is already 0 where a rectified output is 0.
  var isMasked: Bool { pass.isMasked(index) }

  /// Whether the gradients are themselves recorded.
  var createsGraph: Bool { pass.createsGraph }

  /// Whether the gradient of input `index` is needed.
  func wants(_ index: Int) -> Bool { node.input(index).map(pass.wants) ?? false }

  /// Whether the gradient of input `index` may be masked by the ReLU that the input came from.
  func mayMask(_ index: Int) -> Bool {
    node.input(index).map(pass.mayMask) ?? false
  }

  /// Passes on the gradient of input `index`, if it is needed.
  func give(_ index: Int, isMasked: Bool = false, _ gradient: @autoclosure () -> Tensor) {
    guard let target = node.input(index), pass.wants(target) else { return }
    guard let fit = node.fit(index) else {
      pass.receive(target, node.output(index), gradient(), isMasked: isMasked)
      return
    }
    pass.receive(
      target, node.output(index), gradient().summed(to: fit.shape).to(fit.dtype).to(fit.device),
      isMasked: isMasked)
  }

  /// The values of a saved tensor, in the dtype that the operation computed in.
  subscript(_ saved: Saved) -> Tensor {
    guard var tensor = saved.tensor else {
      fail("backward()", "a value that was not kept at \(node.name)", expected: "it")
    }
    if createsGraph {
      switch saved.place {
      case .input(let index):
        (tensor.node, tensor.output) = (node.input(index), node.output(index))
      case .output(let output): (tensor.node, tensor.output) = (node, output)
      }
    }
    return tensor.dtype == saved.dtype ? tensor : tensor.to(saved.dtype)
  }
}

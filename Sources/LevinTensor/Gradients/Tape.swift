internal import CLevinRuntime

/// The state of each thread that operations read: whether gradients are recorded, whether there are observers, and
/// the next sequence number.
enum Tape {
  static var isRecording: Bool { !levin_tape().pointee.isPaused }

  /// Whether operations are reported to observers of this thread.
  static var isObserved: Bool { levin_tape().pointee.isObserved }
  static func setObserved(_ on: Bool) { levin_tape().pointee.isObserved = on }

  /// A number above all that this thread has used, and above `other`, which may come from another thread.
  static func nextSequence(after other: UInt64) -> UInt64 {
    let tape = levin_tape()
    tape.pointee.sequence = Swift.max(tape.pointee.sequence, other) + 1
    return tape.pointee.sequence
  }

  /// Turns recording on or off and returns whether it was on.
  static func setRecording(_ on: Bool) -> Bool {
    let tape = levin_tape()
    defer { tape.pointee.isPaused = !on }
    return !tape.pointee.isPaused
  }

  /// Whether an operation on these is recorded.
  static func records(_ a: Tensor) -> Bool { a.node != nil && isRecording }
  static func records(_ a: Tensor, _ b: Tensor) -> Bool {
    (a.node != nil || b.node != nil) && isRecording
  }
}

extension Tensor {
  /// This tensor as an input of a recorded operation whose result has `shape` and `dtype`.
  func edge(fitting shape: Shape, _ dtype: DType) -> GradientNode.Edge {
    guard let node else { return GradientNode.Edge() }
    let fits = self.shape == shape && self.dtype == dtype
    return GradientNode.Edge(
      node: node, output: output, fit: fits ? nil : GradientNode.Fit(self))
  }

  /// This tensor as an input of a recorded operation whose result may be on another device.
  func edge(fitting result: Tensor) -> GradientNode.Edge {
    guard let node else { return GradientNode.Edge() }
    let fits = shape == result.shape && dtype == result.dtype && isOnHost == result.isOnHost
    return GradientNode.Edge(
      node: node, output: output, fit: fits ? nil : GradientNode.Fit(self))
  }

  /// This tensor as an input whose gradient arrives in its own shape and dtype.
  var edge: GradientNode.Edge { GradientNode.Edge(node: node, output: output) }

  /// The same values as an output of `node`.
  consuming func recorded(_ node: GradientNode, output: UInt32 = 0) -> Tensor {
    self.node = node
    self.output = output
    return self
  }
}

/// Runs `body` without recording operations for gradients (PyTorch's `torch.no_grad()`).
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
  let before = Tape.setRecording(false)
  defer { _ = Tape.setRecording(before) }
  return try body()
}

/// Runs `body` with recording on, even inside ``withoutGradients(_:)`` (PyTorch's `torch.enable_grad()`).
public func withGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
  let before = Tape.setRecording(true)
  defer { _ = Tape.setRecording(before) }
  return try body()
}

extension Tensor? {
  /// This tensor as an input whose gradient arrives in its own shape and dtype; not recorded if there is none.
  var edge: GradientNode.Edge { self?.edge ?? GradientNode.Edge() }
}

/// What is asked for at every operation, a thread its own: whether gradients are recorded, and the next sequence number.
enum Tape {
  private static let states = ThreadLocal { TapeState() }

  static var isRecording: Bool { states.value.isRecording }

  static func nextSequence() -> UInt64 {
    let state = states.value
    state.sequence += 1
    return state.sequence
  }

  static func setRecording(_ on: Bool) -> Bool {
    let state = states.value
    defer { state.isRecording = on }
    return state.isRecording
  }

  /// `output` with a node over `inputs`, where recording is on and an input has a node.
  static func record(
    _ output: Tensor, _ inputs: Tensor..., backward: @escaping GradientNode.Backward
  ) -> Tensor {
    var output = output
    output.node = GradientNode(inputs: inputs.map(\.node), backward: backward)
    return output
  }

  /// Whether an operation on these must be recorded.
  static func records(_ a: Tensor) -> Bool { a.node != nil && isRecording }
  static func records(_ a: Tensor, _ b: Tensor) -> Bool {
    (a.node != nil || b.node != nil) && isRecording
  }
}

private final class TapeState {
  var isRecording = true
  var sequence: UInt64 = 0
}

/// Runs `body` without recording operations for gradients (PyTorch's `torch.no_grad()`).
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
  let before = Tape.setRecording(false)
  defer { _ = Tape.setRecording(before) }
  return try body()
}

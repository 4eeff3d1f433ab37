internal import CLevinKernels
internal import Synchronization

/// What is asked for at every operation, a thread its own: whether gradients are recorded, and the next sequence number.
enum Tape {
  static var isRecording: Bool { !levin_tape().pointee.isPaused }

  private static let passes = Atomic<UInt64>(0)

  /// Numbers each backward of the process, from 1: threads may meet at the same parameter's node.
  static func nextPass() -> UInt64 { passes.wrappingAdd(1, ordering: .relaxed).newValue }

  static func nextSequence() -> UInt64 {
    let tape = levin_tape()
    tape.pointee.sequence += 1
    return tape.pointee.sequence
  }

  /// Records from now on, or does not, and returns what was the case before.
  static func setRecording(_ on: Bool) -> Bool {
    let tape = levin_tape()
    defer { tape.pointee.isPaused = !on }
    return !tape.pointee.isPaused
  }

  /// `output` as computed from `a`; `backward` gives each input that is recorded its gradient.
  static func record(
    _ output: consuming Tensor, _ a: Tensor, backward: @escaping GradientNode.Unary
  ) -> Tensor {
    output.node = GradientNode(.unary(a.node, backward))
    return output
  }

  /// `output` as computed from `a` and `b`.
  static func record(
    _ output: consuming Tensor, _ a: Tensor, _ b: Tensor,
    backward: @escaping GradientNode.Binary
  ) -> Tensor {
    output.node = GradientNode(.binary(a.node, b.node, backward))
    return output
  }

  /// `output` as computed from `a`, `b` and perhaps `c`.
  static func record(
    _ output: consuming Tensor, _ a: Tensor, _ b: Tensor, _ c: Tensor?,
    backward: @escaping GradientNode.Ternary
  ) -> Tensor {
    output.node = GradientNode(.ternary(a.node, b.node, c?.node, backward))
    return output
  }

  /// `output`, which is that of a ReLU, as computed from `a`, `b` and perhaps `c`.
  static func record(
    rectified output: consuming Tensor, _ a: Tensor, _ b: Tensor, _ c: Tensor?,
    backward: @escaping GradientNode.Rectified
  ) -> Tensor {
    output.node = GradientNode(.rectified(a.node, b.node, c?.node, backward))
    return output
  }

  /// Whether an operation on these must be recorded.
  static func records(_ a: Tensor) -> Bool { a.node != nil && isRecording }
  static func records(_ a: Tensor, _ b: Tensor) -> Bool {
    (a.node != nil || b.node != nil) && isRecording
  }
}

/// Runs `body` without recording operations for gradients (PyTorch's `torch.no_grad()`).
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
  let before = Tape.setRecording(false)
  defer { _ = Tape.setRecording(before) }
  return try body()
}

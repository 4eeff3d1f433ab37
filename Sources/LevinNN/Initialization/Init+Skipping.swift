internal import LevinSystem

extension Init {
  private final class State {
    var isSkipping = false
  }
  private static let state = ThreadLocal { State() }

  /// Whether this thread is inside ``skipping(_:)``.
  package static var isSkipping: Bool { state.value.isSkipping }

  /// Runs `body` without drawing random initial values, which saves time if a state is loaded next (PyTorch's
  /// `torch.nn.utils.skip_init`).
  ///
  /// Weights of layers that `body` creates on this thread are zeros.
  ///
  ///     let model = Init.skipping { resnet50() }
  ///     try model.loadState(weights)
  public static func skipping<Result>(_ body: () throws -> Result) rethrows -> Result {
    let state = state.value
    let before = state.isSkipping
    state.isSkipping = true
    defer { state.isSkipping = before }
    return try body()
  }
}

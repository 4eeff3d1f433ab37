internal import LevinSystem

extension Init {
  private final class State {
    var isSkipping = false
  }
  private static let state = ThreadLocal { State() }

  /// Whether parameters that this thread makes are zeros.
  package static var isSkipping: Bool { state.value.isSkipping }

  /// Runs `body` without drawing initial values (PyTorch's `nn.utils.skip_init`): weights of layers that are made in it are zeros,
  /// to be loaded afterwards.
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

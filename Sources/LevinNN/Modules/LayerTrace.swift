package import LevinTensor

/// The layers that a computation calls, in order; kept while ``of(_:)`` runs, on its thread.
package struct LayerTrace {
  /// One call of a layer that called no other one.
  package struct Call {
    package let layer: Layer
    package let input: Tensor
    package let output: Tensor
  }

  private final class State {
    var calls: [Call] = []
    var isOn = false
    /// All calls begun, by which a layer knows whether it called another.
    var begun = 0
  }
  private static let state = ThreadLocal { State() }

  static var isOn: Bool { state.value.isOn }

  /// The calls made by `body`, with its result.
  package static func of(_ body: () -> Tensor) -> (output: Tensor, calls: [Call]) {
    let state = state.value
    (state.isOn, state.calls, state.begun) = (true, [], 0)
    defer { (state.isOn, state.calls) = (false, []) }
    let output = body()
    return (output, state.calls)
  }

  static func call(_ layer: Layer, _ input: Tensor) -> Tensor {
    let state = state.value
    guard state.isOn else { return layer.forward(input) }
    state.begun += 1
    let before = state.begun
    let output = layer.forward(input)
    if state.begun == before {
      state.calls.append(Call(layer: layer, input: input, output: output))
    }
    return output
  }
}

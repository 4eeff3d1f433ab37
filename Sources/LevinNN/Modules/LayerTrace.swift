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
    var current: Layer?
    /// The one that called the others.
    var outermost: Layer?
  }
  private static let state = ThreadLocal { State() }

  static var isOn: Bool { state.value.isOn }

  /// The innermost layer that is being called on this thread; nil outside of all layers.
  package static var current: Layer? { state.value.current }

  /// Where `layer` lies below the outermost layer that is being called on this thread, as `features.3`; nil for that one itself.
  static func path(of layer: Layer) -> String? {
    guard let outermost = state.value.outermost, outermost !== layer else { return nil }
    return outermost.namedModules.first { $0.module === layer }?.name
  }

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
    guard state.isOn else { return call(layer, in: state) { layer.forward(input) } }
    state.begun += 1
    let before = state.begun
    let output = call(layer, in: state) { layer.forward(input) }
    if state.begun == before {
      state.calls.append(Call(layer: layer, input: input, output: output))
    }
    return output
  }

  /// Runs `body`, a part of `layer` that its container calls by another way than `forward`.
  static func call(_ layer: Layer, _ body: () -> Tensor) -> Tensor {
    call(layer, in: state.value, body)
  }

  @inline(__always)
  private static func call(_ layer: Layer, in state: State, _ body: () -> Tensor) -> Tensor {
    let outer = state.current
    if outer == nil { state.outermost = layer }
    state.current = layer
    defer { state.current = outer }
    return body()
  }
}

internal import LevinSystem

/// Reports operations to the observers of their thread.
enum Observation {
  private final class State {
    var observers: [any OperationObserver] = []
    var depth = 0
  }
  private static let state = ThreadLocal { State() }

  static func adding<Result>(
    _ observer: any OperationObserver, _ body: () throws -> Result
  ) rethrows -> Result {
    let state = state.value
    let before = Tape.isObserved
    state.observers.append(observer)
    Tape.setObserved(true)
    defer {
      state.observers.removeLast()
      Tape.setObserved(before)
    }
    return try body()
  }

  /// Runs `body` without reporting what it computes, such as checks of arguments.
  static func quietly<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = Tape.isObserved
    Tape.setObserved(false)
    defer { Tape.setObserved(before) }
    return try body()
  }

  /// Runs `body`, the operation `name`, and reports it.
  ///
  /// - Parameter isWhole: Whether it has no parts to report.
  @inline(never)
  static func of<Result>(
    _ name: StaticString, _ inputs: [Tensor], _ attributes: [OperationAttribute] = [],
    isWhole: Bool, backwardOf node: GradientNode? = nil, outputs: (Result) -> [Tensor],
    _ body: () -> Result
  ) -> Result {
    let state = state.value
    var operation = ObservedOperation(
      name: "\(name)", inputs: inputs, attributes: attributes, depth: state.depth,
      isBackward: node != nil, scopes: Scopes.current, node: node)
    Tape.setObserved(false)
    for observer in state.observers { observer.operationBegan(operation) }
    state.depth += 1
    Tape.setObserved(!isWhole)
    let result = body()
    Tape.setObserved(false)
    state.depth -= 1
    operation.outputs = outputs(result)
    for observer in state.observers { observer.operationEnded(operation) }
    Tape.setObserved(true)
    return result
  }

  /// Reports an operation that is computed in one piece.
  static func whole(
    _ name: StaticString, _ inputs: [Tensor], _ attributes: [OperationAttribute] = [],
    _ body: () -> Tensor
  ) -> Tensor {
    of(name, inputs, attributes, isWhole: true, outputs: { [$0] }, body)
  }
}

/// Reports an operation that is computed by others, and reports those as its parts.
@inline(__always)
func composed(
  _ name: StaticString, _ inputs: @autoclosure () -> [Tensor],
  _ attributes: @autoclosure () -> [OperationAttribute] = [], _ body: () -> Tensor
) -> Tensor {
  guard Tape.isObserved else { return body() }
  return Observation.of(
    name, inputs(), attributes(), isWhole: false, outputs: { [$0] }, body)
}

/// Reports an operation with several results that is computed by others.
@inline(__always)
func composed<Result>(
  _ name: StaticString, _ inputs: @autoclosure () -> [Tensor],
  _ attributes: @autoclosure () -> [OperationAttribute] = [],
  outputs: (Result) -> [Tensor], _ body: () -> Result
) -> Result {
  guard Tape.isObserved else { return body() }
  return Observation.of(name, inputs(), attributes(), isWhole: false, outputs: outputs, body)
}

extension Tensor {
  /// Reports an operation that ran fused into the one that computed this tensor; the tensor is both its input and its
  /// output.
  package func reportFused(_ name: StaticString) {
    guard Tape.isObserved else { return }
    _ = Observation.whole(name, [self]) { self }
  }
}

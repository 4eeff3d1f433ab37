internal import LevinSystem

/// A scope of operations: a module that is being called.
package protocol OperationScope: AnyObject {
  /// The name for messages, such as `Linear "model.0"`, given the scopes around it, outermost first.
  func name(within outer: [any OperationScope]) -> String
}

/// The scopes that this thread is in.
package enum Scopes {
  private final class State {
    @exclusivity(unchecked) var stack: [any OperationScope] = []
  }
  private static let state = ThreadLocal {
    _ = namesFailures
    return State()
  }

  /// Errors begin with the path of the module in which they happen, if it has one.
  private static let namesFailures: Void = FailurePlace.name {
    guard let name = name(of: current), name.contains("\"") else { return nil }
    return name
  }

  /// The scopes, outermost first.
  package static var current: [any OperationScope] { state.value.stack }

  /// Runs `body` inside `scope`.
  @inline(__always)
  package static func entering<Result>(
    _ scope: any OperationScope, _ body: () throws -> Result
  ) rethrows -> Result {
    let state = state.value
    state.stack.append(scope)
    defer { state.stack.removeLast() }
    return try body()
  }

  /// The name of the innermost scope; nil if there is none.
  package static func name(of scopes: [any OperationScope]) -> String? {
    scopes.last?.name(within: Array(scopes.dropLast()))
  }
}

/// Is told of each operation on tensors that its thread computes, recorded or not.
///
/// An operation that is composed of others is reported itself, and its parts between its beginning and its end, one
/// ``ObservedOperation/depth`` further in. A backward pass reports each step. Tensors made from nothing (zeros, random
/// numbers) are not reported. What an observer computes is not reported either.
public protocol OperationObserver: AnyObject {
  /// Called before an operation is computed; it has no outputs yet.
  func operationBegan(_ operation: ObservedOperation)
  /// Called when an operation has been computed.
  func operationEnded(_ operation: ObservedOperation)
}

extension OperationObserver {
  /// Does nothing.
  public func operationBegan(_ operation: ObservedOperation) {}
}

/// An operation, as observers see it.
public struct ObservedOperation {
  /// The Swift name of the function or operator, as `softmax(dimension:)`; of a step backward, of the operation whose gradient
  /// it computes.
  public let name: String
  /// What it was computed from; of a step backward the gradients of the operation's outputs.
  public let inputs: [Tensor]
  /// Arguments that are no tensors.
  public let attributes: [OperationAttribute]
  /// What was computed; of a step backward the gradients that the operation's inputs have by now.
  ///
  /// Empty at the beginning.
  public internal(set) var outputs: [Tensor] = []
  /// In how many other operations it lies, 0 for one that a program calls.
  public let depth: Int
  /// Whether it is a step of a backward pass.
  public let isBackward: Bool
  /// The modules that were being called, outermost first.
  package let scopes: [any OperationScope]
  /// Of a step backward, the operation's place in the record.
  let node: GradientNode?

  /// The innermost module that was being called, as `Linear "model.0"`; nil outside of all modules.
  public var module: String? { Scopes.name(of: scopes) }
}

/// An argument of an operation that is no tensor.
public struct OperationAttribute: Sendable, Hashable, CustomStringConvertible {
  /// The values that there are.
  public enum Value: Sendable, Hashable {
    case bool(Bool)
    case int(Int)
    case ints([Int])
    case double(Double)
    case string(String)
  }

  /// The name of the argument, as `dimension`.
  public let name: String
  /// Its value.
  public let value: Value

  init(_ name: String, _ value: Value) { (self.name, self.value) = (name, value) }

  /// As in a call: `dimension: 1`.
  public var description: String {
    switch value {
    case .bool(let value): "\(name): \(value)"
    case .int(let value): "\(name): \(value)"
    case .ints(let value): "\(name): \(value)"
    case .double(let value): "\(name): \(value)"
    case .string(let value): "\(name): \(value)"
    }
  }
}

/// Runs `body` and reports the operations that this thread computes in it to `observer`, beside other observers.
public func observingOperations<Result>(
  by observer: any OperationObserver, _ body: () throws -> Result
) rethrows -> Result {
  try Observation.adding(observer, body)
}

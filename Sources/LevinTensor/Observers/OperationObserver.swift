/// Receives each operation on tensors that its thread computes, recorded or not.
///
/// An operation that is composed of others is reported, and its parts are reported between its beginning and its end,
/// with an ``ObservedOperation/depth`` one larger. A backward pass reports each step. Tensors created from nothing
/// (zeros, random numbers) are not reported, nor is anything that an observer computes.
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

/// An operation, as observers receive it.
public struct ObservedOperation {
  /// The Swift name of the function or operator, such as `softmax(dimension:)`; for a backward step, that of the
  /// operation whose gradient it computes.
  public let name: String
  /// The inputs; for a backward step, the gradients of the operation's outputs.
  public let inputs: [Tensor]
  /// The arguments that are not tensors.
  public let attributes: [OperationAttribute]
  /// The results; for a backward step, the gradients of the operation's inputs so far.
  ///
  /// Empty at the beginning.
  public internal(set) var outputs: [Tensor] = []
  /// The number of operations that it is part of; 0 for one that a program calls.
  public let depth: Int
  /// Whether it is a step of a backward pass.
  public let isBackward: Bool
  /// The modules being called, outermost first.
  package let scopes: [any OperationScope]
  /// For a backward step, the operation's node.
  let node: GradientNode?

  /// The innermost module being called, such as `Linear "model.0"`; nil outside all modules.
  public var module: String? { Scopes.name(of: scopes) }
}

/// An argument of an operation that is not a tensor.
public struct OperationAttribute: Sendable, Hashable, CustomStringConvertible {
  /// The kinds of value.
  public enum Value: Sendable, Hashable {
    case bool(Bool)
    case int(Int)
    case ints([Int])
    case double(Double)
    case string(String)
  }

  /// The name of the argument, such as `dimension`.
  public let name: String
  /// The value of the argument.
  public let value: Value

  init(_ name: String, _ value: Value) { (self.name, self.value) = (name, value) }

  /// The names of the optional operands that are among the inputs, in their order.
  static func given(_ operands: (name: String, tensor: Tensor?)...) -> Self {
    let names = operands.filter { $0.tensor != nil }.map(\.name)
    return Self("given", .string(names.joined(separator: " ")))
  }

  /// Sizes of `rank` dimensions.
  static func sizes(_ name: String, _ sizes: some SpatialSizes, _ rank: Int) -> Self {
    Self(name, .ints(sizes.sizes(rank: rank) ?? []))
  }

  /// Sizes of `rank` dimensions, with a default.
  static func sizes(
    _ name: String, _ sizes: (some SpatialSizes)?, or others: some SpatialSizes, _ rank: Int
  ) -> Self {
    sizes.map { .sizes(name, $0, rank) } ?? .sizes(name, others, rank)
  }

  /// Amounts of padding, or `same`.
  static func sizes(_ name: String, _ padding: some ConvolutionPadding, _ rank: Int) -> Self {
    Self(name, padding.isSame ? .string("same") : .ints(padding.sizes(rank: rank) ?? []))
  }

  /// The text as in a call: `dimension: 1`.
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

/// Runs `body` and reports the operations that this thread computes in it to `observer`, in addition to other
/// observers.
public func observingOperations<Result>(
  by observer: any OperationObserver, _ body: () throws -> Result
) rethrows -> Result {
  try Observation.adding(observer, body)
}

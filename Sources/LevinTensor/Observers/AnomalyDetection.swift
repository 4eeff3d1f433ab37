/// The first NaN of a computation, and the operation that produced it.
public struct AnomalyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A tensor's shape and dtype.
  public struct Operand: Hashable, Sendable, CustomStringConvertible {
    /// The sizes of the dimensions.
    public let shape: Shape
    /// The type of the elements.
    public let dtype: DType
    /// Whether it contains a NaN.
    public let hasNaN: Bool

    init(_ tensor: Tensor) {
      (shape, dtype, hasNaN) = (tensor.shape, tensor.dtype, tensor.hasNaN)
    }

    /// A text such as `[2, 3] float32`.
    public var description: String { "\(shape) \(dtype.name)\(hasNaN ? " with NaN" : "")" }
  }

  /// The operation's Swift name, such as `log()`.
  public let operation: String
  /// Whether the NaN is in the operation's gradient, not in its result.
  public let isBackward: Bool
  /// The operation's inputs.
  public let inputs: [Operand]
  /// The result that has the NaN; for a gradient, the result is that of the input whose gradient has it.
  public let result: Operand
  /// The module in which it was computed, such as `Linear "model.0"`; nil outside all modules, and if the operation
  /// was computed before the detection began.
  public let module: String?

  /// The operation, what was found, where, and what to do.
  public var description: String {
    let place = module.map { " in \($0)" } ?? ""
    let names = inputs.map(\.description).joined(separator: ", ")
    let from = inputs.isEmpty ? "" : ", computed from \(names)"
    if isBackward {
      return "the gradient of \(operation)\(place): found NaN in the gradient \(result.shape) "
        + "\(result.dtype.name)\(from); expected numbers; look for 0/0, √0, log 0 or ∞ − ∞ in its derivative"
    }
    let advice =
      inputs.contains { $0.hasNaN }
      ? "its inputs have NaN already: look at the data" : "look at the values of its inputs"
    return
      "\(operation)\(place): found NaN in its result \(result.shape) \(result.dtype.name)\(from); "
      + "expected numbers; \(advice)"
  }
}

/// Runs `body` and throws ``AnomalyError`` if an operation produced NaN (PyTorch's `torch.autograd.detect_anomaly`).
///
/// The error names the first NaN: that of a result in the forward pass, or that of a gradient in a backward pass.
/// PyTorch checks only gradients. Infinities are allowed in both. Operations cannot throw, so the error is thrown
/// when `body` is done: leave the optimizer's step outside if it must not see NaN. Everything becomes several times
/// slower.
public func withAnomalyDetection<Result>(_ body: () throws -> Result) throws -> Result {
  let detector = AnomalyDetector()
  let result = try observingOperations(by: detector, body)
  if let anomaly = detector.first { throw anomaly }
  return result
}

private final class AnomalyDetector: OperationObserver {
  /// Where a recorded operation was computed.
  private struct Origin {
    let operation: String
    let inputs: [Tensor]
    let scopes: [any OperationScope]
    /// Retained, so that no other node reuses its address.
    let node: GradientNode
  }

  private(set) var first: AnomalyError?
  private var origins: [ObjectIdentifier: Origin] = [:]
  /// The operation in progress that the program called.
  private var outermost = ""

  func operationBegan(_ operation: ObservedOperation) {
    if operation.depth == 0 { outermost = operation.name }
  }

  func operationEnded(_ operation: ObservedOperation) {
    guard first == nil else { return }
    if !operation.isBackward {
      for node in operation.outputs.compactMap(\.node)
      where origins[ObjectIdentifier(node)] == nil {
        origins[ObjectIdentifier(node)] = Origin(
          operation: outermost, inputs: operation.inputs.map { $0.detached() },
          scopes: operation.scopes, node: node)
      }
    }
    guard operation.depth == 0, let result = operation.outputs.first(where: \.hasNaN) else {
      return
    }
    let origin = operation.node.flatMap { origins[ObjectIdentifier($0)] }
    let inputs = operation.isBackward ? origin?.inputs ?? [] : operation.inputs
    first = AnomalyError(
      operation: origin?.operation ?? operation.name, isBackward: operation.isBackward,
      inputs: inputs.map { AnomalyError.Operand($0) }, result: AnomalyError.Operand(result),
      module: operation.isBackward
        ? origin.flatMap { Scopes.name(of: $0.scopes) } : operation.module)
  }
}

extension Tensor {
  /// Whether any element is NaN.
  fileprivate var hasNaN: Bool {
    guard dtype.isFloatingPoint, elementCount > 0 else { return false }
    return withoutGradients { isNaN().any().item() != 0 }
  }
}

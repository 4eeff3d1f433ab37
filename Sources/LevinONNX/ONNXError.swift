/// Why a model could not be exported.
public struct ONNXError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The operation that has no form in ONNX, such as `cdist(_:)`; nil if it was not one operation.
  public let operation: String?
  /// The module that computed it, such as `Linear "model.0"`; nil outside all modules.
  public let module: String?
  /// What was found, and what to do.
  public let problem: String

  package init(operation: String? = nil, module: String? = nil, _ problem: String) {
    (self.operation, self.module, self.problem) = (operation, module, problem)
  }

  /// The operation, where it is, and what to do.
  public var description: String {
    let place = module.map { " in \($0)" } ?? ""
    return "ONNX export: \(operation.map { "\($0)\(place): " } ?? "")\(problem)"
  }
}

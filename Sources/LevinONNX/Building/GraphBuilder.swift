internal import LevinNN
internal import LevinTensor

/// Turns recorded operations into a graph.
///
/// What does not depend on an input is a constant with its recorded value. An operation that has no conversion is
/// replaced by its parts; if it has none, its outputs cannot be used.
final class GraphBuilder {
  private(set) var model: ONNXModel
  /// Gives the name of a parameter or buffer.
  private let state: [TensorIdentity: String]
  private let parameterMemory: Set<ObjectIdentifier>
  private let paths: [ObjectIdentifier: String]
  /// The names of values in the graph.
  private var values: [TensorIdentity: String] = [:]
  /// What depends on an input.
  private var traced: Set<TensorIdentity> = []
  /// Why tensors that depend on an input have no value.
  private var refused: [TensorIdentity: ONNXError] = [:]
  /// Norms that limit the rows of tables, by the tables' names.
  var rowLimits: [String: (norm: Double, order: Double)] = [:]
  private var names: Set<String>
  /// The names of the parameters and buffers among the initializers.
  private var exported: Set<String> = []
  private var constants: [Constant: String] = [:]
  private var batchSize: String?

  private struct Constant: Hashable {
    let dtype: DType
    let shape: Shape
    let bytes: [UInt8]
  }

  init(_ name: String, _ module: Module, state: [TensorIdentity: String]) {
    model = ONNXModel(name: name)
    self.state = state
    parameterMemory = Set(state.keys.map(\.memory))
    paths = Dictionary(
      module.namedModules.map { (ObjectIdentifier($0.module), $0.name) },
      uniquingKeysWith: { first, _ in first })
    names = Set(state.values)
  }

  // MARK: Names and values

  /// `base`, or with a number behind it if it is taken.
  func unique(_ base: String) -> String {
    var (name, count) = (base, 0)
    while !names.insert(name).inserted {
      count += 1
      name = "\(base)_\(count)"
    }
    return name
  }

  /// The name of something in the innermost module that has a path, such as `layer1.0/Conv`.
  private func name(_ text: String, in scopes: [any OperationScope]) -> String {
    let path = scopes.last { paths[ObjectIdentifier($0)].map { !$0.isEmpty } ?? false }
      .flatMap { paths[ObjectIdentifier($0)] }
    return unique(path.map { "\($0)/\(text)" } ?? text)
  }

  func addInput(_ name: String, _ tensor: TensorPair) throws {
    guard names.insert(name).inserted else {
      throw ONNXError(
        "an input '\(name)'; expected a name that no parameter and no other input has")
    }
    model.inputs.append(port(name, tensor))
    values[tensor.identity] = name
    traced.insert(tensor.identity)
  }

  func addOutput(_ name: String, _ tensor: TensorPair) throws {
    let source = try value(of: tensor, in: [])
    guard names.insert(name).inserted else {
      throw ONNXError("an output '\(name)'; expected a name that nothing else in the model has")
    }
    model.outputs.append(port(name, tensor))
    let node = Output(name: name, source: source)
    outputs.append(node)
  }

  struct Output {
    let name: String
    let source: String
  }
  private(set) var outputs: [Output] = []

  /// A port whose sizes that depend on the batch are named.
  private func port(_ name: String, _ tensor: TensorPair) -> ONNXModel.Port {
    ONNXModel.Port(
      name: name, dtype: tensor.dtype,
      shape: tensor.sizes.map { size in
        guard size.fixed == nil else { return .fixed(size.rest) }
        let product = size.perSample == 1 ? "batch" : "\(size.perSample)*batch"
        return .named(size.rest == 0 ? product : "\(product)+\(size.rest)")
      })
  }

  /// Whether a tensor depends on an input.
  func isTraced(_ tensor: TensorPair) -> Bool { traced.contains(tensor.identity) }

  /// The name of a parameter or buffer.
  func stateName(of tensor: TensorPair) -> String? { state[tensor.identity] }

  /// The name of a tensor's value, which is added as an initializer if it is a parameter or a constant.
  func value(of tensor: TensorPair, in scopes: [any OperationScope]) throws -> String {
    if let known = values[tensor.identity] { return known }
    if let error = refused[tensor.identity] { throw error }
    let value: String
    if let name = state[tensor.identity] {
      if exported.insert(name).inserted { model.initializers.append((name, tensor.first)) }
      value = name
    } else {
      value = try constant(tensor, in: scopes)
    }
    values[tensor.identity] = value
    return value
  }

  // MARK: Constants

  /// A constant of the graph; equal small ones share an initializer.
  func constant(_ tensor: Tensor, in scopes: [any OperationScope]) -> String {
    let bytes = tensor.elementCount <= 64 ? tensor.withUnsafeBytes { Array($0) } : nil
    let key = bytes.map { Constant(dtype: tensor.dtype, shape: tensor.shape, bytes: $0) }
    if let key, let known = constants[key] { return known }
    let name = name("constant", in: scopes)
    model.initializers.append((name, tensor))
    if let key { constants[key] = name }
    return name
  }

  /// The size of the batch, an int64 vector of one element.
  func batch(in scopes: [any OperationScope]) throws -> String {
    if let batchSize { return batchSize }
    guard
      let input = model.inputs.first(where: { $0.shape.first == .named("batch") })
    else { throw ONNXError("a size that depends on the batch; expected an input with one") }
    let size = node(
      "Shape", [input.name], [.init("end", .int(1)), .init("start", .int(0))], in: [])
    batchSize = size
    return size
  }

  // MARK: Operations

  /// Adds an operator with one output, and returns the name of its value.
  func node(
    _ operation: String, _ inputs: [String], _ attributes: [ONNXModel.Attribute] = [],
    in scopes: [any OperationScope]
  ) -> String {
    nodes(operation, inputs, attributes, outputs: 1, in: scopes)[0]
  }

  /// Adds an operator, and returns the names of its values.
  func nodes(
    _ operation: String, _ inputs: [String], _ attributes: [ONNXModel.Attribute], outputs: Int,
    in scopes: [any OperationScope]
  ) -> [String] {
    let name = name(operation, in: scopes)
    let values =
      outputs == 1 ? [name] : [name] + (1..<max(outputs, 1)).map { unique("\(name):\($0)") }
    model.nodes.append(
      ONNXModel.Node(
        name: name, operation: operation, inputs: inputs, outputs: values, attributes: attributes))
    return values
  }

  /// Adds what an operation computes.
  func add(_ step: Step) { add(step, of: step) }

  private func add(_ step: Step, of whole: Step) {
    let dependsOnInput = step.inputs.contains(where: isTraced)
    let isViewOfState =
      step.outputs.count == 1 && parameterMemory.contains(step.outputs[0].identity.memory)
    guard dependsOnInput || isViewOfState else { return }
    // An operation that returns its input; a fused ReLU looks like one.
    if step.name != "relu()",
      step.outputs.allSatisfy({ output in
        step.inputs.contains { $0.identity == output.identity }
      })
    {
      return
    }
    if dependsOnInput { traced.formUnion(step.outputs.map(\.identity)) }
    do {
      if let results = try Conversion(step: step, builder: self).results() {
        for (output, result) in zip(step.outputs, results) {
          values[output.identity] = result
          refused[output.identity] = nil
        }
        for output in step.outputs.dropFirst(results.count) where dependsOnInput {
          refused[output.identity] = unsupported(step, of: whole)
        }
        return
      }
    } catch {
      let error = error as? ONNXError ?? ONNXError("\(error)")
      for output in step.outputs {
        refused[output.identity] =
          error.operation == nil
          ? ONNXError(operation: whole.name, module: whole.module, error.problem) : error
      }
      return
    }
    for part in step.parts { add(part, of: whole) }
    for output in step.outputs
    where dependsOnInput && values[output.identity] == nil && refused[output.identity] == nil {
      refused[output.identity] = unsupported(step, of: whole)
    }
  }

  private func unsupported(_ step: Step, of whole: Step) -> ONNXError {
    let part = step.name == whole.name ? "" : ", because of its part \(step.name)"
    return ONNXError(
      operation: whole.name, module: whole.module,
      "no operators of ONNX's opset \(ONNXModel.opset) compute it\(part); expected operations "
        + "that docs/onnx.md lists"
    )
  }
}

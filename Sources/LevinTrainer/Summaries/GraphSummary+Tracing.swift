public import LevinNN
public import LevinTensor
public import LevinTensorBoard

extension GraphSummary {
  /// The graph of what `forward` computes from `input`.
  ///
  /// It has a node for each operation and for each parameter that is used, in scopes by type and name of the modules
  /// (`Sequential/Linear[0]/linear`), with shapes and dtypes. An operation that is composed of others is one node.
  public init(tracing module: Module, input: Tensor, forward: () -> Tensor) {
    let tracer = GraphTracer(module, input)
    let output = observingOperations(by: tracer, forward)
    self.init(nodes: tracer.nodes + [tracer.node("output/output", "IO Node", [output], of: output)])
  }
}

/// Adds a node for each operation that a program calls.
private final class GraphTracer: OperationObserver {
  private(set) var nodes: [GraphSummary.Node] = []
  /// The scopes of the modules that are known at the start.
  private let scopes: [ObjectIdentifier: String]
  /// The parameters that have no node yet, by their memory.
  private var parameters: [ObjectIdentifier: (name: String, value: Tensor)] = [:]
  /// The node that produced a tensor; of several that wrote to its memory, the newest.
  private var sources: [TensorIdentity: String] = [:]
  private var sourcesOfMemory: [ObjectIdentifier: String] = [:]
  /// Retained, so that no other tensor reuses their memory.
  private var seen: [Tensor] = []
  private var used: [String: Int] = [:]

  init(_ module: Module, _ input: Tensor) {
    scopes = Self.scopes(of: module)
    for (_, owner) in module.namedModules {
      for case (let name, let parameter as Parameter) in owner.namedMembers {
        let (scope, value) = (scopes[ObjectIdentifier(owner)] ?? "", parameter.value)
        // A shared parameter is drawn at its first place.
        if parameters[value.identity.memory] == nil {
          parameters[value.identity.memory] = ("\(scope)/\(name)/\(name)", value)
        }
      }
    }
    append(node("input/input", "IO Node", [], of: input), giving: [input])
  }

  func operationEnded(_ operation: ObservedOperation) {
    guard operation.depth == 0, !operation.isBackward, let output = operation.outputs.first else {
      return
    }
    drawParameters(among: operation.inputs)
    let title = Self.title(of: operation)
    let scope = scope(of: operation.scopes)
    let path = scope.isEmpty ? title : "\(scope)/\(title)"
    let count = used[path, default: 0]
    used[path] = count + 1
    var new = node(count == 0 ? path : "\(path)_\(count)", title, operation.inputs, of: output)
    new.attributes = operation.attributes.map(\.description).joined(separator: ", ")
    append(new, giving: operation.outputs)
  }

  /// A node with edges from the sources of `inputs`; an input without one is a constant.
  func node(
    _ name: String, _ operation: String, _ inputs: [Tensor], of output: Tensor
  ) -> GraphSummary.Node {
    var names: [String] = []
    for input in inputs {
      let source = sources[input.identity] ?? sourcesOfMemory[input.identity.memory]
      if let source, !names.contains(source) { names.append(source) }
    }
    return GraphSummary.Node(
      name: name, operation: operation, inputs: names, outputShape: Array(output.shape),
      dtype: GraphSummary.DType(rawValue: output.dtype.name))
  }

  private func append(_ node: GraphSummary.Node, giving outputs: [Tensor]) {
    nodes.append(node)
    for output in outputs {
      seen.append(output)
      sources[output.identity] = node.name
      sourcesOfMemory[output.identity.memory] = node.name
    }
  }

  /// Adds nodes for the parameters that are used for the first time.
  private func drawParameters(among inputs: [Tensor]) {
    for input in inputs {
      guard let parameter = parameters.removeValue(forKey: input.identity.memory) else { continue }
      append(node(parameter.name, "parameter", [], of: parameter.value), giving: [parameter.value])
    }
  }

  /// The scope of the innermost module; a module that the root does not hold lies in the one that called it.
  private func scope(of modules: [any OperationScope]) -> String {
    modules.reduce("") { outer, module in
      if let known = scopes[ObjectIdentifier(module)] { return known }
      let type = "\(Swift.type(of: module))"
      return outer.isEmpty ? type : "\(outer)/\(type)"
    }
  }

  /// `Net`, `Net/Sequential[model]`, `Net/Sequential[model]/Linear[0]`; for a shared module its first place.
  private static func scopes(of root: Module) -> [ObjectIdentifier: String] {
    var found: [ObjectIdentifier: String] = [:]
    func visit(_ module: Module, _ scope: String) {
      guard found[ObjectIdentifier(module)] == nil else { return }
      found[ObjectIdentifier(module)] = scope
      for (name, child) in module.namedChildren {
        visit(child, "\(scope)/\(type(of: child))[\(name)]")
      }
    }
    visit(root, "\(type(of: root))")
    return found
  }

  private static let operators = [
    "+": "add", "-": "subtract", "*": "multiply", "/": "divide", ".==": "equal",
    ".!=": "notEqual", ".<": "less", ".<=": "lessOrEqual", ".>": "greater",
    ".>=": "greaterOrEqual", ".&": "and", ".|": "or", ".^": "xor",
  ]

  /// The operation's name without its arguments; operators are spelled out.
  private static func title(of operation: ObservedOperation) -> String {
    if operation.name == "-", operation.inputs.count == 1 { return "negate" }
    return operators[operation.name] ?? String(operation.name.prefix { $0 != "(" })
  }
}

public import LevinNN
public import LevinTensor
public import LevinTensorBoard

extension GraphSummary {
  /// The graph of what `forward` computes from `input`: a node for each call of a layer and each of its parameters,
  /// in scopes by type and name (`Sequential/Linear[0]/linear`), with shapes and dtypes.
  ///
  /// What is computed between layers (`x + layer(x)`) shows as edges to the layers that it came from.
  public init(tracing module: Module, input: Tensor, forward: () -> Tensor) {
    let (output, calls) = LayerTrace.of(forward)
    var names = ["input/input"]
    var known = [input]
    var used: [String: Int] = [:]
    var nodes = [Node(names[0], "IO Node", [], of: input)]
    let scopes = Self.scopes(of: module)
    func inputs(_ tensor: Tensor) -> [String] {
      let sources = tensor.sources(among: known).map { names[$0] }
      return sources.isEmpty ? [names[0]] : sources
    }
    for call in calls {
      let type = "\(Swift.type(of: call.layer))"
      let scope = scopes[ObjectIdentifier(call.layer)] ?? type
      let count = used[scope, default: 0]
      used[scope] = count + 1
      let parameters = call.layer.namedParameters.map { name, parameter in
        Node("\(scope)/\(name)/\(name)", "parameter", [], of: parameter.value)
      }
      if count == 0 { nodes += parameters }
      let operation = type.lowercased()
      let name = "\(scope)/\(operation)" + (count == 0 ? "" : "_\(count)")
      nodes.append(
        Node(name, operation, inputs(call.input) + parameters.map(\.name), of: call.output))
      names.append(name)
      known.append(call.output)
    }
    nodes.append(Node("output/output", "IO Node", inputs(output), of: output))
    self.init(nodes: nodes)
  }

  /// `Net`, `Net/Sequential[model]`, `Net/Sequential[model]/Linear[0]`; a shared layer's first place.
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
}

extension GraphSummary.Node {
  fileprivate init(_ name: String, _ operation: String, _ inputs: [String], of output: Tensor) {
    self.init(
      name: name, operation: operation, inputs: inputs, outputShape: Array(output.shape),
      dtype: GraphSummary.DType(rawValue: output.dtype.name))
  }
}

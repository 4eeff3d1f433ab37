extension GraphBuilder {
  /// The graph of what the outputs need, whose values have the names of the outputs.
  func finished() -> ONNXModel {
    var result = model
    var renamed: [String: String] = [:]
    let computed = Set(model.nodes.flatMap(\.outputs))
    var identities: [ONNXModel.Node] = []
    for output in outputs {
      if computed.contains(output.source), renamed[output.source] == nil {
        renamed[output.source] = output.name
      } else {
        identities.append(
          ONNXModel.Node(
            name: unique("Identity"), operation: "Identity", inputs: [output.source],
            outputs: [output.name]))
      }
    }
    result.nodes += identities
    for index in result.nodes.indices {
      result.nodes[index].inputs = result.nodes[index].inputs.map { renamed[$0] ?? $0 }
      result.nodes[index].outputs = result.nodes[index].outputs.map { renamed[$0] ?? $0 }
    }
    var needed = Set(outputs.map(\.name))
    result.nodes = result.nodes.reversed().filter { node in
      guard node.outputs.contains(where: needed.contains) else { return false }
      needed.formUnion(node.inputs)
      return true
    }.reversed()
    result.initializers = result.initializers.filter { needed.contains($0.name) }
    return result
  }
}

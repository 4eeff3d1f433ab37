internal import LevinTensor

extension ONNXModel: CustomStringConvertible {
  /// The graph, an operator on each line.
  package var description: String {
    let initializers = initializers.map { "  \($0.tensor.dtype.name)\($0.tensor.shape) \($0.name)" }
    return """
      \(name)(\(inputs.map(\.description).joined(separator: ", "))) \
      -> (\(outputs.map(\.description).joined(separator: ", ")))
      \((initializers + nodes.map { "  \($0)" }).joined(separator: "\n"))
      """
  }
}

extension ONNXModel.Port: CustomStringConvertible {
  /// `input: float32[batch, 10]`.
  package var description: String {
    let sizes = shape.map { size in
      switch size {
      case .fixed(let size): "\(size)"
      case .named(let name): name
      }
    }
    return "\(name): \(dtype.name)[\(sizes.joined(separator: ", "))]"
  }
}

extension ONNXModel.Node: CustomStringConvertible {
  /// `output = Gemm(input, fc.weight, fc.bias) transB: 1`.
  package var description: String {
    let attributes = attributes.map { attribute in
      switch attribute.value {
      case .int(let value): " \(attribute.name): \(value)"
      case .ints(let values): " \(attribute.name): \(values)"
      case .float(let value): " \(attribute.name): \(value)"
      case .string(let text): " \(attribute.name): \(text)"
      }
    }
    let inputs = inputs.map { $0.isEmpty ? "-" : $0 }.joined(separator: ", ")
    return "\(outputs.joined(separator: ", ")) = \(operation)(\(inputs))\(attributes.joined())"
  }
}

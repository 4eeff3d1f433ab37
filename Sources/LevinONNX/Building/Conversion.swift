internal import LevinTensor

/// An operation that is being converted: its arguments, and the graph that it is added to.
struct Conversion {
  let step: Step
  let builder: GraphBuilder

  // MARK: Operands

  var inputs: [TensorPair] { step.inputs }
  var output: TensorPair { step.outputs[0] }

  /// The name of an input's value.
  func input(_ index: Int) throws -> String {
    try builder.value(of: inputs[index], in: step.scopes)
  }

  /// An input's value, converted to a dtype.
  func input(_ index: Int, as dtype: DType) throws -> String {
    cast(try input(index), from: inputs[index].dtype, to: dtype)
  }

  /// The optional operands that were given, with the indices of their inputs.
  func given() throws -> [String: Int] {
    let names = try string("given").split(separator: " ").map(String.init)
    let first = inputs.count - names.count
    return Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, first + $0) })
  }

  // MARK: Arguments

  private func attribute(_ name: String) throws -> OperationAttribute.Value? {
    guard let found = step.attributes.first(where: { $0.first.name == name }) else { return nil }
    guard found.first == found.second else {
      throw ONNXError(
        operation: step.name, module: step.module,
        "\(found.first) depends on the batch's size; expected the same for all batches")
    }
    return found.first.value
  }

  private func missing(_ name: String) -> ONNXError {
    ONNXError(operation: step.name, module: step.module, "no argument \(name) was recorded")
  }

  func int(_ name: String) throws -> Int {
    guard case .int(let value)? = try attribute(name) else { throw missing(name) }
    return value
  }
  func optionalInt(_ name: String) throws -> Int? {
    if case .int(let value)? = try attribute(name) { value } else { nil }
  }
  func ints(_ name: String) throws -> [Int] {
    guard case .ints(let values)? = try attribute(name) else { throw missing(name) }
    return values
  }
  func double(_ name: String) throws -> Double {
    guard case .double(let value)? = try attribute(name) else { throw missing(name) }
    return value
  }
  func optionalDouble(_ name: String) throws -> Double? {
    if case .double(let value)? = try attribute(name) { value } else { nil }
  }
  func bool(_ name: String) throws -> Bool {
    guard case .bool(let value)? = try attribute(name) else { throw missing(name) }
    return value
  }
  func string(_ name: String) throws -> String {
    guard case .string(let value)? = try attribute(name) else { throw missing(name) }
    return value
  }
  /// A dimension, counted from the first, of an input of `rank` dimensions.
  func axis(_ name: String, rank: Int) throws -> Int {
    let axis = try int(name)
    return axis < 0 ? axis + rank : axis
  }

  // MARK: Operators

  /// Adds an operator with one output, and returns the name of its value.
  func node(
    _ operation: String, _ inputs: [String],
    _ attributes: [(String, ONNXModel.Attribute.Value)] = []
  ) -> String {
    builder.node(
      operation, inputs, attributes.map { .init($0.0, $0.1) }, in: step.scopes)
  }

  /// Adds an operator, and returns the names of its values.
  func nodes(
    _ operation: String, _ inputs: [String], _ attributes: [(String, ONNXModel.Attribute.Value)],
    outputs: Int
  ) -> [String] {
    builder.nodes(
      operation, inputs, attributes.map { .init($0.0, $0.1) }, outputs: outputs, in: step.scopes)
  }

  func cast(_ value: String, from source: DType, to dtype: DType) -> String {
    source == dtype
      ? value : node("Cast", [value], [("to", .int(dtype.onnxCode))])
  }

  /// A scalar of the output's dtype, or of another.
  func constant(_ number: Double, _ dtype: DType? = nil) -> String {
    constant(Tensor([number], shape: []).to(dtype ?? output.dtype))
  }
  func constant(_ tensor: Tensor) -> String { builder.constant(tensor, in: step.scopes) }
  func constant(_ numbers: [Int]) -> String { builder.constant(numbers, in: step.scopes) }

  /// `value`, which is `source`, in the shape of `target`.
  func reshape(_ value: String, _ source: TensorPair, to target: TensorPair) throws -> String {
    try reshape(value, source.sizes, to: target.sizes)
  }

  /// `value`, whose sizes are `source`, with the sizes `target`.
  func reshape(
    _ value: String, _ source: [TensorPair.Size], to target: [TensorPair.Size]
  ) throws -> String {
    // 0 stands for the size of the input, and -1 for the rest.
    var numbers: [Int] = []
    var unknown = 0
    for (axis, size) in target.enumerated() {
      if let fixed = size.fixed {
        numbers.append(fixed)
      } else if axis < source.count, source[axis] == size {
        numbers.append(0)
      } else {
        numbers.append(-1)
        unknown += 1
      }
    }
    guard unknown <= 1, !target.contains(where: { $0.fixed == 0 }) else {
      let shape = try builder.shape(target, in: step.scopes)
      return node("Reshape", [value, shape], [("allowzero", .int(1))])
    }
    return node("Reshape", [value, constant(numbers)])
  }
}

extension DType {
  /// The number of the type in ONNX.
  var onnxCode: Int {
    switch self {
    case .float32: 1
    case .uint8: 2
    case .int32: 6
    case .int64: 7
    case .bool: 9
    case .float16: 10
    case .float64: 11
    case .bfloat16: 16
    }
  }
}

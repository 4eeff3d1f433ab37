internal import LevinTensor

/// A tensor of two recordings.
struct TensorPair {
  let first: Tensor
  let second: Tensor

  var dtype: DType { first.dtype }
  var rank: Int { first.rank }
  var identity: TensorIdentity { first.identity }

  /// A size: `perSample · batch + rest`.
  struct Size: Hashable {
    let perSample: Int
    let rest: Int

    /// The size if it does not depend on the batch.
    var fixed: Int? { perSample == 0 ? rest : nil }
  }

  /// The sizes, as far as they are those of two batches.
  var sizes: [Size] {
    zip(first.shape, second.shape).map { first, second in
      let slope = (second - first) / (Batches.second - Batches.first)
      return Size(perSample: slope, rest: first - slope * Batches.first)
    }
  }
}

/// The sizes of the batches that are recorded.
enum Batches {
  static let first = 2
  static let second = 3
}

/// An operation of two recordings.
struct Step {
  let name: String
  /// The module that computed it, such as `Linear "model.0"`.
  let module: String?
  let scopes: [any OperationScope]
  let inputs: [TensorPair]
  let outputs: [TensorPair]
  /// Its arguments in both recordings.
  let attributes: [(first: OperationAttribute, second: OperationAttribute)]
  let isFollowedByItsReLU: Bool
  let parts: [Step]

  /// Joins two recordings; throws if they are of different computations.
  static func joining(_ first: [RecordedOperation], _ second: [RecordedOperation]) throws -> [Step]
  {
    for (one, other) in zip(first, second) {
      let (one, other) = (one.operation, other.operation)
      guard one.name == other.name, one.inputs.count == other.inputs.count,
        one.outputs.count == other.outputs.count, one.attributes.count == other.attributes.count,
        zip(one.inputs + one.outputs, other.inputs + other.outputs).allSatisfy({
          $0.rank == $1.rank && $0.dtype == $1.dtype
        })
      else { throw difference(one, other.name) }
    }
    if let one = (first.dropFirst(second.count).first ?? second.dropFirst(first.count).first) {
      throw difference(one.operation, "nothing")
    }
    return try zip(first, second).map { try Step($0, $1) }
  }

  private static func difference(_ operation: ObservedOperation, _ other: String) -> ONNXError {
    ONNXError(
      operation: operation.name, module: operation.module,
      "found \(other == operation.name ? "other operands" : other) for another batch; expected "
        + "the same operations for all inputs: a branch in the module depends on the batch's size "
        + "or on values"
    )
  }

  private init(_ first: RecordedOperation, _ second: RecordedOperation) throws {
    let (one, other) = (first.operation, second.operation)
    (name, module, scopes) = (one.name, one.module, one.scopes)
    inputs = zip(one.inputs, other.inputs).map { TensorPair(first: $0, second: $1) }
    outputs = zip(one.outputs, other.outputs).map { TensorPair(first: $0, second: $1) }
    attributes = zip(one.attributes, other.attributes).map { ($0, $1) }
    isFollowedByItsReLU = first.isFollowedByItsReLU
    parts = try Step.joining(first.parts, second.parts)
  }
}

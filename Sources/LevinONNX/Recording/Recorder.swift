internal import LevinNN
internal import LevinTensor

/// An operation of a recording, with those that it is composed of.
final class RecordedOperation {
  fileprivate(set) var operation: ObservedOperation
  fileprivate(set) var parts: [RecordedOperation] = []
  /// Whether the report of a ReLU that was computed along with it follows.
  fileprivate(set) var isFollowedByItsReLU = false

  fileprivate init(_ operation: ObservedOperation) { self.operation = operation }
}

/// Records what a module computes, and which tensors are its parameters and buffers.
final class Recorder: OperationObserver {
  private(set) var operations: [RecordedOperation] = []
  /// The names of parameters and buffers that operations took, by the values that they had then.
  private(set) var state: [TensorIdentity: String] = [:]
  private var open: [RecordedOperation] = []
  private let members: [(name: String, value: () -> Tensor?)]
  /// Values of parameters and buffers, so that no other tensor reuses their memory.
  private var retained: [Tensor] = []

  init(_ module: Module) {
    members =
      module.namedParameters.map { name, parameter in
        (name, { parameter.origin == nil ? parameter.value.detached() : nil })
      } + module.namedBuffers.map { name, buffer in (name, { buffer.value }) }
    noteState()
  }

  /// Notes the values that parameters and buffers have now: a call of the module may change them.
  private func noteState() {
    for (name, value) in members {
      guard let value = value(), state[value.identity] == nil else { continue }
      state[value.identity] = name
      retained.append(value)
    }
  }

  func operationBegan(_ operation: ObservedOperation) { open.append(RecordedOperation(operation)) }

  func operationEnded(_ operation: ObservedOperation) {
    let recorded = open.removeLast()
    // The tensors are retained, so that no other tensor reuses their memory.
    recorded.operation = operation
    if operation.inputs.contains(where: { state[$0.identity] == nil }) { noteState() }
    let before = open.last?.parts.last ?? (open.isEmpty ? operations.last : nil)
    if let before, operation.name == "relu()", before.operation.name.hasPrefix("linear("),
      let output = operation.outputs.first?.identity,
      operation.inputs.first?.identity == output,
      before.operation.outputs.first?.identity == output
    {
      before.isFollowedByItsReLU = true
    }
    if let outer = open.last { outer.parts.append(recorded) } else { operations.append(recorded) }
  }
}

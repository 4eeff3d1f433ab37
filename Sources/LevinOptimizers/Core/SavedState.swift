internal import LevinTensor

/// A saved state while an optimizer loads it.
struct SavedState {
  private let owner: String
  private var parameters: [Int: [String: Tensor]] = [:]
  private var groups: SavedTensors
  private var known = 0

  init(_ state: [String: Tensor], of owner: String) {
    self.owner = owner
    groups = SavedTensors(owner: owner, prefix: "", tensors: [:])
    for (name, tensor) in state {
      let parts = name.split(separator: ".", maxSplits: 1)
      if parts.count == 2, let index = Int(parts[0]) {
        parameters[index, default: [:]][String(parts[1])] = tensor
      } else {
        groups.tensors[name] = tensor
      }
    }
  }

  /// The saved tensors of the next parameter.
  mutating func next() -> SavedTensors {
    defer { known += 1 }
    return SavedTensors(
      owner: owner, prefix: "\(known).", tensors: parameters.removeValue(forKey: known) ?? [:])
  }

  /// The state of the next parameter, empty if none was saved; `expected` is an example of the state after a step.
  mutating func next(expecting expected: ParameterState) throws -> ParameterState {
    var (saved, result) = (next(), ParameterState())
    guard !saved.tensors.isEmpty else { return result }
    if expected.step > 0 { result.step = try saved.count("step") }
    for (name, own) in zip(expected.names, expected.tensors) {
      result[name] = try saved.tensor(name, like: own)
    }
    try saved.finish()
    return result
  }

  /// The saved numbers of a group.
  mutating func numbers(ofGroup number: Int) throws -> (learningRate: Double?, momentum: Double?) {
    func saved(_ key: String) throws -> Double? {
      let name = "\(Optimizer.groupPrefix)\(number).\(key)"
      return groups.tensors[name] == nil ? nil : try groups.number(name)
    }
    return (try saved("lr"), try saved("momentum"))
  }

  /// Throws if something in the state was not used.
  func finish() throws {
    if let index = parameters.keys.min(), let name = parameters[index]?.keys.min() {
      throw OptimizerStateError(
        description: "the state of \(owner) has \(index).\(name); expected \(known) parameters")
    }
    try groups.finish()
  }
}

/// Tensors of a saved state, each of which should be read once.
struct SavedTensors {
  /// More steps than any training makes, and few enough that a double still counts them exactly.
  private static let mostSteps = 0x1p53

  let owner: String
  let prefix: String
  var tensors: [String: Tensor]

  /// The tensor with a name, which must have the shape and dtype of `own`, moved to the device of `own`.
  mutating func tensor(_ name: String, like own: Tensor) throws -> Tensor {
    let tensor = try take(name)
    guard tensor.shape == own.shape else {
      throw error("has \(prefix)\(name) of shape \(tensor.shape); expected \(own.shape)")
    }
    guard tensor.dtype == own.dtype else {
      throw OptimizerStateError(
        description: "the optimizer's \(prefix)\(name) has the dtype \(tensor.dtype.name); "
          + "expected \(own.dtype.name)")
    }
    return tensor.detached().to(own.device).settled()
  }

  mutating func number(_ name: String) throws -> Double {
    let tensor = try take(name)
    guard tensor.elementCount == 1, tensor.item().isFinite else {
      throw error("has \(prefix)\(name) of shape \(tensor.shape); expected one finite number")
    }
    return tensor.item()
  }

  mutating func count(_ name: String) throws -> Int {
    let number = try number(name)
    guard (0...Self.mostSteps).contains(number), number.rounded() == number else {
      throw error("has \(prefix)\(name) of \(number); expected a number of steps")
    }
    return Int(number)
  }

  /// Throws if something is left.
  func finish() throws {
    guard let name = tensors.keys.min() else { return }
    throw error(
      "has \(prefix)\(name), which it does not know; "
        + "expected the state of the same optimizer and options")
  }

  private mutating func take(_ name: String) throws -> Tensor {
    guard let tensor = tensors.removeValue(forKey: name) else {
      throw error("lacks \(prefix)\(name)")
    }
    return tensor
  }

  private func error(_ problem: String) -> OptimizerStateError {
    OptimizerStateError(description: "the state of \(owner) \(problem)")
  }
}

/// An optimizer state, for instance from a checkpoint, that does not match the optimizer.
public struct OptimizerStateError: Error, CustomStringConvertible {
  /// What does not match.
  public let description: String
}

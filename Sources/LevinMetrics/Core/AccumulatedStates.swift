internal import LevinSystem
internal import LevinTensor

/// The states of a metric over batches.
struct AccumulatedStates {
  private let kinds: [Metric.State]
  /// The tensors of each state; several pieces if they are concatenated.
  private var pieces: [[Tensor]]
  /// The number of batches.
  private(set) var updateCount = 0

  init(_ kinds: [Metric.State]) {
    self.kinds = kinds
    pieces = kinds.map { [$0.initial] }
  }

  /// The tensor of each state.
  var tensors: [Tensor] { pieces.map { $0.count == 1 ? $0[0] : Tensor.concatenated($0) } }

  /// Adds what `batches` batches measured; `owner` is named if the number of states is wrong.
  mutating func add(_ measured: [Tensor], batches: Int = 1, owner: String) {
    guard measured.count == kinds.count else {
      fail(owner, "\(measured.count) measured states", expected: "\(kinds.count)")
    }
    updateCount += batches
    for (index, tensor) in measured.enumerated() {
      switch kinds[index].reduction {
      case .sum: pieces[index][0] += tensor
      case .maximum: pieces[index][0] = Tensor.maximum(pieces[index][0], tensor)
      case .minimum: pieces[index][0] = Tensor.minimum(pieces[index][0], tensor)
      case .concatenation: pieces[index].append(tensor.detached())
      }
    }
  }

  /// The states by name, and the number of batches as `update_count`.
  var saved: [String: Tensor] {
    var result = Dictionary(uniqueKeysWithValues: zip(kinds.map(\.name), tensors))
    result["update_count"] = Tensor(Int64(updateCount))
    return result
  }

  /// The same states with what ``saved`` returned; throws if it does not match.
  func loading(_ state: [String: Tensor], owner: String) throws -> AccumulatedStates {
    let saved = SavedMetric(state, owner: owner)
    var result = self
    result.pieces = try kinds.map { kind in
      let isList = kind.reduction == .concatenation
      return [try saved.tensor(kind.name, like: kind.initial, isList: isList)]
    }
    result.updateCount = try saved.count("update_count")
    try saved.expectOnly(kinds.map(\.name) + ["update_count"])
    return result
  }
}

/// A saved state while a metric loads it.
struct SavedMetric {
  private let state: [String: Tensor]
  private let owner: String

  init(_ state: [String: Tensor], owner: String) { (self.state, self.owner) = (state, owner) }

  /// The tensor with a name, which has the dtype and the shape of `own`; the first dimension of a list is any.
  func tensor(_ name: String, like own: Tensor, isList: Bool = false) throws -> Tensor {
    guard let tensor = state[name] else { throw error("lacks \(name)") }
    let fits =
      isList
      ? tensor.rank == own.rank && Array(tensor.shape).dropFirst() == Array(own.shape).dropFirst()
      : tensor.shape == own.shape
    guard fits, tensor.dtype == own.dtype else {
      throw error(
        "has \(name) of shape \(tensor.shape) and dtype \(tensor.dtype.name); "
          + "expected \(own.shape) and \(own.dtype.name)")
    }
    return tensor.detached()
  }

  func count(_ name: String) throws -> Int {
    let count = try tensor(name, like: Tensor(Int64(0))).scalars(as: Int64.self)[0]
    guard count >= 0 else {
      throw error("has \(count) as \(name); expected 0 or more")
    }
    return Int(count)
  }

  /// The part whose names begin with `prefix` and a dot, without them.
  func part(_ prefix: String) -> [String: Tensor] {
    let prefix = prefix + "."
    return Dictionary(
      uniqueKeysWithValues: state.filter { $0.key.hasPrefix(prefix) }
        .map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }

  /// Throws if there is anything but `names`, and parts that begin with one of `parts` and a dot.
  func expectOnly(_ names: [String], parts: [String] = []) throws {
    let unknown = state.keys.filter { name in
      !names.contains(name) && !parts.contains { name.hasPrefix($0 + ".") }
    }
    if let name = unknown.min() { throw error("has \(name), which it does not know") }
  }

  private func error(_ problem: String) -> MetricStateError {
    MetricStateError(description: "the state of \(owner) \(problem)")
  }
}

/// A metric state, for instance from a checkpoint, that does not match the metric.
public struct MetricStateError: Error, CustomStringConvertible {
  /// What does not match.
  public let description: String
}

extension [String: Tensor] {
  /// The same tensors with `prefix` and a dot before their names.
  func prefixed(_ prefix: String) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: map { ("\(prefix).\($0.key)", $0.value) })
  }
}

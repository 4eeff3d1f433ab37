internal import LevinSystem
public import LevinTensor

/// One or several numbers that tell how good predictions are, for a batch or for all batches since the last reset.
///
/// A custom metric overrides two methods: ``measure(_:_:)``, which computes the states of a batch, and ``value(of:)``,
/// which computes the value from accumulated states.
///
///     final class MeanDistance: Metric {
///       init() { super.init([.sum("distance", of: [], .float64), .sum("count", of: [], .int64)]) }
///       override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
///         [(predictions - targets).absolute().sum().to(.float64), Tensor(Int64(targets.elementCount))]
///       }
///       override func value(of states: [Tensor]) -> Tensor { (states[0] / states[1]).to(.float32) }
///     }
open class Metric {
  /// A tensor that is kept between batches, and how two such tensors are combined.
  public struct State {
    /// How the tensors of two batches, or of two processes, are combined.
    public enum Reduction: Sendable { case sum, maximum, minimum, concatenation }
    /// A name, for a checkpoint.
    public let name: String
    /// The tensor before the first batch.
    public let initial: Tensor
    /// How two tensors are combined.
    public let reduction: Reduction

    /// Creates a state with an initial tensor.
    public init(_ name: String, _ initial: Tensor, _ reduction: Reduction) {
      (self.name, self.initial, self.reduction) = (name, initial, reduction)
    }
    /// Numbers that are added up, from 0.
    public static func sum(_ name: String, of shape: Shape, _ dtype: DType) -> State {
      State(name, .zeros(shape, dtype: dtype, device: .cpu), .sum)
    }
    /// The numbers of all batches, one after another along the first dimension; `shape` is the shape of one of them.
    public static func list(_ name: String, of shape: Shape = [], _ dtype: DType) -> State {
      State(name, .zeros(Shape([0] + Array(shape)), dtype: dtype, device: .cpu), .concatenation)
    }
  }

  /// The states that the metric keeps.
  public final let kept: [State]
  /// The tensors of each state; several pieces if they are concatenated.
  private final var pieces: [[Tensor]]
  /// The number of batches since the last reset.
  public private(set) final var updateCount = 0
  /// The value of the last batch alone, if it was taken by ``callAsFunction(_:_:)``.
  public private(set) final var batchValue: Tensor?

  /// Creates a metric that keeps these states.
  public init(_ states: [State]) {
    kept = states
    pieces = states.map { [$0.initial] }
  }

  /// A key shared by metrics with the same ``measure(_:_:)``, which a ``MetricCollection`` calls once for all of them;
  /// nil if the metric does not share it.
  open var sharingKey: String? { nil }

  /// What a batch adds to each state; subclasses override this.
  open func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    fail("measure(_:_:)", "no override in \(type(of: self))", expected: "one in each metric")
  }

  /// The value for the given states; subclasses override this.
  open func value(of states: [Tensor]) -> Tensor {
    fail("value(of:)", "no override in \(type(of: self))", expected: "one in each metric")
  }

  /// Takes a batch.
  public final func update(_ predictions: Tensor, _ targets: Tensor) {
    add(withoutGradients { measure(predictions, targets) })
  }

  /// Takes a batch, and returns the value of this batch alone (torchmetrics' `forward`).
  public final func callAsFunction(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    let batch = withoutGradients { measure(predictions, targets) }
    add(batch)
    let value = value(of: batch)
    batchValue = value
    return value
  }

  /// The value of one batch, which is not added to the states.
  public final func evaluate(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    value(of: withoutGradients { measure(predictions, targets) })
  }

  /// The value over all batches since the last reset.
  public final func compute() -> Tensor {
    if updateCount == 0 {
      MetricWarning.tell("\(type(of: self)): the value was asked for before any batch")
    }
    return value(of: states)
  }

  /// Forgets all batches.
  public final func reset() {
    pieces = kept.map { [$0.initial] }
    updateCount = 0
    batchValue = nil
  }

  /// The tensor of each state.
  public final var states: [Tensor] {
    pieces.map { $0.count == 1 ? $0[0] : Tensor.concatenated($0) }
  }

  final func add(_ batch: [Tensor]) {
    guard batch.count == kept.count else {
      fail("\(type(of: self))", "\(batch.count) measured states", expected: "\(kept.count)")
    }
    updateCount += 1
    for (index, tensor) in batch.enumerated() {
      switch kept[index].reduction {
      case .sum: pieces[index][0] += tensor
      case .maximum: pieces[index][0] = Tensor.maximum(pieces[index][0], tensor)
      case .minimum: pieces[index][0] = Tensor.minimum(pieces[index][0], tensor)
      case .concatenation: pieces[index].append(tensor.detached())
      }
    }
  }

  /// Adds the states of another metric of the same kind, for instance from another process.
  public final func merge(_ other: Metric) {
    let batches = updateCount + other.updateCount
    add(other.states)
    updateCount = batches
  }

  /// Takes over the states of a metric with the same ``sharingKey``.
  final func follow(_ leader: Metric) {
    (pieces, updateCount) = (leader.pieces, leader.updateCount)
  }

  // MARK: Checkpoints

  /// The states by name, and the number of batches as `update_count`.
  public final var state: [String: Tensor] {
    var result = Dictionary(uniqueKeysWithValues: zip(kept.map(\.name), states))
    result["update_count"] = Tensor(Int64(updateCount))
    return result
  }

  /// Restores what ``state`` returned.
  ///
  /// Throws ``MetricStateError`` and changes nothing if names, dtypes or shapes do not match.
  public final func restore(_ state: [String: Tensor]) throws {
    func error(_ problem: String) -> MetricStateError {
      MetricStateError(description: "the state of \(type(of: self)) \(problem)")
    }
    func tensor(_ name: String, like own: Tensor, isList: Bool) throws -> Tensor {
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
    let restored = try kept.map {
      [try tensor($0.name, like: $0.initial, isList: $0.reduction == .concatenation)]
    }
    let count = try tensor("update_count", like: Tensor(Int64(0)), isList: false).item()
    guard count >= 0 else {
      throw error("has an update_count of \(Int(count)); expected 0 or more")
    }
    if let name = state.keys.filter({ name in
      name != "update_count" && !kept.contains { $0.name == name }
    }).min() {
      throw error("has \(name), which it does not know")
    }
    (pieces, updateCount) = (restored, Int(count))
  }
}

/// A metric state, for instance from a checkpoint, that does not match the metric.
public struct MetricStateError: Error, CustomStringConvertible {
  /// What does not match.
  public let description: String
}

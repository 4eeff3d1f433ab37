internal import LevinSystem
public import LevinTensor

/// A number, or several, that tells how good predictions are: over a batch, or over all batches since the last reset.
///
/// One of one's own overrides two methods: ``measure(_:_:)``, which makes of a batch what is added up, and ``value(of:)``,
/// which makes of that the value.
///
///     final class MeanDistance: Metric {
///       init() { super.init([.sum("distance", of: [], .float64), .sum("count", of: [], .int64)]) }
///       override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
///         [(predictions - targets).absolute().sum().to(.float64), Tensor(Int64(targets.elementCount))]
///       }
///       override func value(of states: [Tensor]) -> Tensor { (states[0] / states[1]).to(.float32) }
///     }
open class Metric {
  /// What is kept between batches, and how two of its tensors become one.
  public struct State {
    /// How two tensors become one, of two batches or of two processes.
    public enum Reduction: Sendable { case sum, maximum, minimum, concatenation }
    /// A name, for a checkpoint.
    public let name: String
    /// What it is before the first batch.
    public let initial: Tensor
    /// How two tensors become one.
    public let reduction: Reduction

    /// A state with a tensor to begin with.
    public init(_ name: String, _ initial: Tensor, _ reduction: Reduction) {
      (self.name, self.initial, self.reduction) = (name, initial, reduction)
    }
    /// Numbers that are added up, from 0.
    public static func sum(_ name: String, of shape: Shape, _ dtype: DType) -> State {
      State(name, .zeros(shape, dtype: dtype, device: .cpu), .sum)
    }
    /// Numbers of all batches, one after the other along the first dimension; `shape` is that of one of them.
    public static func list(_ name: String, of shape: Shape = [], _ dtype: DType) -> State {
      State(name, .zeros(Shape([0] + Array(shape)), dtype: dtype, device: .cpu), .concatenation)
    }
  }

  /// What the metric keeps.
  public final let kept: [State]
  /// The tensors of each state; of those that are concatenated, the pieces.
  private final var pieces: [[Tensor]]
  /// The batches since the last reset.
  public private(set) final var updateCount = 0

  /// A metric that keeps these states.
  public init(_ states: [State]) {
    kept = states
    pieces = states.map { [$0.initial] }
  }

  /// Metrics of one key measure the same, so that a ``MetricCollection`` measures once for all of them; nil: by itself.
  open var sharingKey: String? { nil }

  /// What a batch adds to each state; to be overridden.
  open func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    fail("measure(_:_:)", "no override in \(type(of: self))", expected: "one in each metric")
  }

  /// The value that belongs to states; to be overridden.
  open func value(of states: [Tensor]) -> Tensor {
    fail("value(of:)", "no override in \(type(of: self))", expected: "one in each metric")
  }

  /// Takes a batch.
  public final func update(_ predictions: Tensor, _ targets: Tensor) {
    add(withoutGradients { measure(predictions, targets) })
  }

  /// Takes a batch, and gives the batch's own value (torchmetrics' `forward`).
  public final func callAsFunction(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    let batch = withoutGradients { measure(predictions, targets) }
    add(batch)
    return value(of: batch)
  }

  /// The value of one batch; takes nothing.
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

  /// Adds what another metric of the same kind has seen, as in another process.
  public final func merge(_ other: Metric) {
    let batches = updateCount + other.updateCount
    add(other.states)
    updateCount = batches
  }

  /// Shares the states of a metric that measures the same.
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
  /// Throws ``MetricStateError`` where names, dtypes or shapes do not fit, and changes nothing then.
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

/// A checkpoint's state of a metric that does not fit.
public struct MetricStateError: Error, CustomStringConvertible {
  /// What is wrong.
  public let description: String
}

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

  /// The name of the class, in warnings and errors; made once, because it takes as long as an update.
  final private(set) lazy var name = "\(type(of: self))"
  /// The states that the metric keeps.
  public final let kept: [State]
  // Unchecked, because the checks take a tenth of an update.
  @exclusivity(unchecked) private final var accumulated: AccumulatedStates
  /// The value of the batch that ``callAsFunction(_:_:)`` took last; nil if the last batch came by ``update(_:_:)``, or
  /// there is none since the last reset.
  public private(set) final var batchValue: Tensor?

  /// Creates a metric that keeps these states.
  public init(_ states: [State]) {
    kept = states
    accumulated = AccumulatedStates(states)
  }

  /// Whether greater values are better; nil where it depends, as for sums (torchmetrics' `higher_is_better`).
  open var higherIsBetter: Bool? { nil }

  /// A key shared by metrics with the same ``measure(_:_:)``, which a ``MetricCollection`` calls once for all of them;
  /// nil if the metric does not share it.
  open var sharingKey: String? { nil }

  /// What a batch adds to each state; subclasses override this.
  open func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    fail("measure(_:_:)", "no override in \(name)", expected: "one in each metric")
  }

  /// The value for the given states; subclasses override this.
  open func value(of states: [Tensor]) -> Tensor {
    fail("value(of:)", "no override in \(name)", expected: "one in each metric")
  }

  /// Takes a batch.
  public final func update(_ predictions: Tensor, _ targets: Tensor) {
    add(measuring(predictions, targets))
  }

  /// Takes a batch, and returns the value of this batch alone (torchmetrics' `forward`).
  @discardableResult
  public final func callAsFunction(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    let batch = measuring(predictions, targets)
    add(batch)
    return finishBatch(batch)
  }

  /// The value of one batch, which is not added to the states.
  public final func evaluate(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    value(of: measuring(predictions, targets))
  }

  /// The value over all batches since the last reset.
  public final func compute() -> Tensor {
    if updateCount == 0 {
      MetricWarning.tell("\(name): the value was asked for before any batch")
    }
    return value(of: states)
  }

  /// Forgets all batches.
  public final func reset() {
    forget()
    batchValue = nil
  }

  /// Adds the states of another metric of the same kind, for instance from another process.
  public final func merge(_ other: Metric) {
    add(other.states, batches: other.updateCount)
  }

  // MARK: Checkpoints

  /// The states by name, and the number of batches as `update_count`.
  public final var state: [String: Tensor] { saved }

  /// Restores what ``state`` returned.
  ///
  /// Throws ``MetricStateError`` and changes nothing if names, dtypes or shapes do not match.
  public final func loadState(_ state: [String: Tensor]) throws {
    try loading(state)()
    batchValue = nil
  }

  // MARK: States; overridden by a metric that keeps them otherwise

  /// The number of batches since the last reset.
  public var updateCount: Int { accumulated.updateCount }

  /// The tensor of each state.
  public var states: [Tensor] { accumulated.tensors }

  /// Adds what `batches` batches measured.
  final func add(_ measured: [Tensor], batches: Int = 1) {
    accumulate(measured, batches: batches)
    batchValue = nil
  }

  func accumulate(_ measured: [Tensor], batches: Int) {
    accumulated.add(measured, batches: batches, owner: name)
  }

  func forget() { accumulated = AccumulatedStates(kept) }

  var saved: [String: Tensor] { accumulated.saved }

  /// What restores a state; throws if the state does not match.
  func loading(_ state: [String: Tensor]) throws -> () -> Void {
    let loaded = try accumulated.loading(state, owner: name)
    return { [self] in accumulated = loaded }
  }

  // MARK: Parts of an update

  /// What a batch adds to each state; states are in the host's memory.
  final func measuring(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    withoutGradients { measure(predictions.to(.cpu), targets.to(.cpu)) }
  }

  /// Computes and keeps the value of a batch that was added.
  final func finishBatch(_ batch: [Tensor]) -> Tensor {
    let value = value(of: batch)
    batchValue = value
    return value
  }

  /// Takes over the states of a metric with the same ``sharingKey``.
  final func follow(_ leader: Metric) {
    (accumulated, batchValue) = (leader.accumulated, nil)
  }
}

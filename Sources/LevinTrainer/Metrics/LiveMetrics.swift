internal import Synchronization

/// The latest value of each logged metric, readable from any thread.
///
/// The training thread publishes each value with one relaxed store; each name is added once, under a lock.
public final class LiveMetrics: Sendable {
  /// One metric's latest value.
  public struct Value: Sendable, Hashable {
    /// The name, with `_step` or `_epoch` if both are logged.
    public let name: String
    /// The latest value.
    public let value: Double
    /// Whether it was logged with `progressBar: true`.
    public let isForProgressBar: Bool
  }

  /// The storage of one metric's value.
  final class Cell: Sendable {
    private let bits: Atomic<UInt64>
    init(_ value: Double) { bits = Atomic(value.bitPattern) }
    func store(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func load() -> Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
  }

  private struct Entry {
    let name: String
    let isForProgressBar: Bool
    let cell: Cell
  }
  private let entries = Mutex<[Entry]>([])

  init() {}

  /// The metrics that have a value, in the order in which they were first logged.
  public func values() -> [Value] {
    entries.withLock { entries in
      entries.map {
        Value(name: $0.name, value: $0.cell.load(), isForProgressBar: $0.isForProgressBar)
      }
    }
  }

  /// The cell of `name`, added with `value` if it is new.
  func cell(_ name: String, isForProgressBar: Bool, _ value: Double) -> Cell {
    entries.withLock { entries in
      if let known = entries.first(where: { $0.name == name }) { return known.cell }
      let entry = Entry(name: name, isForProgressBar: isForProgressBar, cell: Cell(value))
      entries.append(entry)
      return entry.cell
    }
  }

  func removeAll() { entries.withLock { $0.removeAll() } }
}

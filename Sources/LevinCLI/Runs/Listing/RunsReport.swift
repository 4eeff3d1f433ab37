internal import Foundation

/// The runs below a folder, for `levin runs`.
struct RunsReport {
  var runs: [RunOverview]
  /// The names of hyperparameters that are not the same in all runs, in the order of their first appearance.
  let differing: [String]
  /// All metrics, in display order.
  let metrics: [String]

  init(_ runs: [RunOverview]) {
    self.runs = runs
    differing = FlatSettings.names(runs.map(\.hyperparameters)).filter { name in
      let values = runs.map { $0.hyperparameters[name] }
      return values.contains { value in
        guard let value, let first = values[0] else { return (value == nil) != (values[0] == nil) }
        return !FlatSettings.isSame(value, first)
      }
    }
    let tags = Set(runs.flatMap { $0.metrics.map(\.tag) })
    metrics = MetricSummary.sorted(Array(tags)) { $0 }
  }

  /// Whether all runs could be read.
  var isComplete: Bool { !runs.contains { $0.info.status == .unreadable } }

  /// Sorts by a column: a metric by its best value, best first; a metric without a best value by its final one, and a
  /// hyperparameter or other column, in ascending order.
  ///
  /// Runs without a value come last.
  mutating func sort(by key: String) throws {
    let isMetric = metrics.contains(key)
    let direction = MetricSummary.Direction(of: key)
    let isRising = !isMetric || direction != .higher
    func value(_ run: RunOverview) throws -> SortKey? {
      if isMetric {
        let metric = run.metric(key)
        return (direction == nil ? metric?.final : metric?.best).map { .number($0) }
      }
      switch key {
      case "version", "run": return .text(run.name)
      case "started": return run.started.map { .number($0) }
      case "length": return run.length.map { .number($0) }
      case "epochs": return run.epochs.map { .number(Double($0)) }
      case "steps": return run.steps.map { .number(Double($0)) }
      case "parameters" where hasParameters: return run.info.parameters.map { .number(Double($0)) }
      case "checkpoints": return .number(Double(run.checkpoints.count))
      case "status": return .text(run.info.status.rawValue)
      default:
        guard runs.contains(where: { $0.hyperparameters[key] != nil }) else {
          throw RunsError(unknownKey(key))
        }
        return run.hyperparameters[key].map { Double($0).map { .number($0) } ?? .text($0) }
      }
    }
    let keyed = try runs.map { (run: $0, key: try value($0)) }
    runs = keyed.enumerated().sorted { left, right in
      switch (left.element.key, right.element.key) {
      case (let a?, let b?) where a.isBefore(b): return isRising
      case (let a?, let b?) where b.isBefore(a): return !isRising
      case (_?, nil): return true
      case (nil, _?): return false
      default: return left.offset < right.offset
      }
    }.map(\.element.run)
  }

  private enum SortKey {
    case number(Double)
    case text(String)

    func isBefore(_ other: SortKey) -> Bool {
      switch (self, other) {
      case (.number(let a), .number(let b)): a < b
      case (.text(let a), .text(let b)): a.compare(b, options: .numeric) == .orderedAscending
      case (.number, .text): true
      case (.text, .number): false
      }
    }
  }

  private func unknownKey(_ key: String) -> String {
    let columns =
      ["version", "started", "length", "epochs", "steps"] + (hasParameters ? ["parameters"] : [])
      + ["checkpoints", "status"]
    return "cannot sort by '\(key)'; expected one of: "
      + (columns + differing + metrics).joined(separator: ", ")
  }
}

internal import LevinTensorBoard

extension RunOverview {
  /// The number of finished training epochs, from run.json or else from the curve `epoch`, which Levin and Lightning
  /// log with every metric.
  ///
  /// An epoch has ended if a later one began, or if the metrics of its validation
  /// are there. A test after the training is logged with the number of the epoch that would
  /// come next.
  var epochs: Int? {
    if let epochs = info.epochs, info.status != .running { return epochs }
    guard let curve = run.scalars("epoch") else { return info.epochs }
    let logged = zip(curve.steps, curve.values).filter { $0.1.isFinite && (0..<1e9).contains($0.1) }
    let epochs = Dictionary(logged.map { ($0.0, Int($0.1)) }) { $1 }
    guard let last = logged.map({ Int($0.1) }).max() else { return info.epochs }
    var ends: [Int: Set<Int>] = [:]
    for metric in metrics where Self.isLoggedAtEnd(metric.tag) {
      for step in run.scalars(metric.tag)?.steps ?? [] {
        if let epoch = epochs[step] { ends[epoch, default: []].insert(step) }
      }
    }
    // If each epoch is validated several times, the last epoch is not finished after its first validation.
    let needed = max(1, ends[last - 1]?.count ?? 1)
    return (ends[last]?.count ?? 0) >= needed || hasCheckpoint(ofEpoch: last) ? last + 1 : last
  }

  private static func isLoggedAtEnd(_ tag: String) -> Bool {
    MetricSummary.Stage(of: tag) == .validation || tag.hasSuffix("_epoch")
  }

  /// Whether Lightning has written the checkpoint with which it ends an epoch; it does so even without a validation.
  ///
  /// This says nothing about a run with a run.json, which may save in the middle of an epoch.
  private func hasCheckpoint(ofEpoch epoch: Int) -> Bool {
    info.status == .unknown
      && checkpoints.contains { $0.name.hasPrefix("epoch=\(epoch)-step=") }
  }
}

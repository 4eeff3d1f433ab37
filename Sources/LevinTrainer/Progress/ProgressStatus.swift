internal import Synchronization

/// Where a trainer is in a pass over batches, for a progress bar.
public struct ProgressStatus: Sendable {
  /// What is running.
  public let phase: TrainingProgress.Phase
  /// The epoch, from 0.
  public let epoch: Int
  /// The last epoch that there will be; nil if that is not known.
  public let lastEpoch: Int?
  /// The batches done in the pass.
  public let done: Int
  /// The batches of the pass; 0 if they are not known.
  public let total: Int
  /// The seconds since the pass began.
  public let elapsed: Double
  /// The latest values of the metrics, those for the progress bar first.
  public let metrics: [LiveMetrics.Value]
  /// The number N of the run's folder `version_N`; nil if nothing is written yet.
  public let version: Int?
  private let first: Int

  init(_ progress: TrainingProgress, _ live: LiveMetrics, lastEpoch: Int?, version: Int?) {
    phase =
      TrainingProgress.Phase(rawValue: progress.phase.load(ordering: .relaxed)) ?? .idle
    epoch = progress.epoch.load(ordering: .relaxed)
    done = progress.batch.load(ordering: .relaxed)
    total = progress.batchCount.load(ordering: .relaxed)
    first = progress.firstBatch.load(ordering: .relaxed)
    elapsed = progress.passSeconds
    let shown = live.values().filter { !$0.name.hasSuffix("_step") && $0.name != "epoch" }
    metrics =
      shown.filter(\.isForProgressBar)
      + shown.filter { !$0.isForProgressBar }.sorted { $0.name < $1.name }
    (self.lastEpoch, self.version) = (lastEpoch, version)
  }

  /// The batches done in a second.
  public var rate: Double { elapsed > 0 ? Double(done - first) / elapsed : 0 }

  /// What is running, such as `Epoch 0/4` or `Validation`.
  public var title: String {
    switch phase {
    case .idle: "Starting"
    case .sanityCheck: "Sanity Checking"
    case .training: "Epoch \(epoch)" + (lastEpoch.map { "/\($0)" } ?? "")
    case .validation: "Validation"
    case .testing: "Testing"
    case .predicting: "Predicting"
    }
  }

  /// The line that ``ProgressBar`` paints, in less than `width` columns.
  public func line(width: Int) -> String {
    ProgressLine(
      title: title, done: done, total: total, first: first, elapsed: elapsed,
      metrics: metrics.map { ($0.name, $0.value) }, version: version
    ).text(width: width, hasColor: Terminal.hasColor)
  }

  /// The line that ``ProgressBar`` prints where there is no terminal, such as `Epoch 0/4  500/1875  12.3it/s  train/loss 0.123`.
  public var plainLine: String {
    let count = total > 0 ? "\(done)/\(total)" : "\(done)"
    return
      ([title, count, ProgressLine.rate(rate)]
      + metrics.map { "\($0.name) \(ProgressLine.number($0.value))" }).joined(separator: "  ")
  }
}

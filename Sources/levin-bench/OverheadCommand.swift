import ArgumentParser
import Foundation
import Levin
import LevinSystem

/// Measures what a step costs in the Trainer, beside the model's own work.
struct OverheadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overhead",
    abstract: "A step of a model of one weight in the Trainer, bare and with what one hangs on it.",
    discussion: """
      Each row trains on one batch again and again; the rows take turns. The progress bar paints a terminal of its \
      own. Peak memory is that of the process, after a tenth of the steps of the first row and after all of them.
      """)

  @Option(help: "Steps of a turn.")
  var steps = 20_000

  @Option(help: "Turns.")
  var count = 5

  @Option(help: "Steps of the first row's last turn, whose memory is measured; 0: none.")
  var longSteps = 200_000

  func run() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let rows = Row.all(in: folder.path)
    var seconds = [[Double]](repeating: [], count: rows.count)
    try await StandardOutput.toATerminalNobodySees {
      for _ in 0..<max(count, 1) {
        for (index, row) in rows.enumerated() {
          seconds[index].append(try await row.time(steps))
        }
      }
    }
    let bare = seconds[0].median
    for (row, seconds) in zip(rows, seconds) {
      try Report(
        row.name, unit: .nanoseconds, samples: seconds.map { $0 / Double(steps) * 1e9 },
        details: ["above_bare_ns": (seconds.median - bare) / Double(steps) * 1e9]
      ).print()
    }
    if longSteps > 0 {
      _ = try await rows[0].time(longSteps / 10)
      let tenth = CurrentProcess.peakMemory ?? 0
      _ = try await rows[0].time(longSteps)
      try Report(
        "growth over \(longSteps) steps", unit: .bytes,
        samples: [Double((CurrentProcess.peakMemory ?? 0) - tenth)],
        details: ["tensors_bytes": Double(Tensor.memoryInUse)]
      ).print()
    }
  }
}

/// What hangs on a trainer; it is made anew for each turn.
private struct Row {
  let name: String
  let folder: String
  var callback: () -> Callback? = { nil }
  var profiler: () -> Profiler? = { nil }
  var logs = false

  static func all(in folder: String) -> [Row] {
    [
      Row(name: "bare", folder: folder),
      Row(name: "a callback without methods", folder: folder, callback: { Callback() }),
      Row(name: "TensorBoard's logger, nothing logged", folder: folder, logs: true),
      Row(name: "progress bar", folder: folder, callback: { ProgressBar() }),
      Row(name: "simple profiler", folder: folder, profiler: { SimpleProfiler() }),
      Row(name: "advanced profiler", folder: folder, profiler: { AdvancedProfiler() }),
    ]
  }

  /// The seconds of a training's epoch.
  func time(_ steps: Int) async throws -> Double {
    let times = EpochTimes()
    let trainer = Trainer(
      maxSteps: steps, defaultRootDir: folder, callbacks: [times] + [callback()].compactMap { $0 },
      profiler: profiler()
    ) {
      $0.logger = logs
      $0.enableProgressBar = false
      $0.enableModelSummary = false
      $0.enableCheckpointing = false
    }
    try await trainer.fit(OneWeight(), trainDataLoader: OneWeight.batches(steps))
    return times.take()[0]
  }
}

/// A model whose step costs next to nothing.
private final class OneWeight: LightningModule<TensorPair> {
  let model = Linear(1, 1, bias: false)

  override func configureOptimizers() -> any OptimizerConfiguration {
    SGD(parameters, learningRate: 1e-3)
  }

  override func trainingStep(_ batch: TensorPair, batchIndex: Int) -> Tensor? {
    model(batch.inputs).mseLoss(batch.targets)
  }

  static func batches(_ count: Int) -> SequenceLoader<TensorPair> {
    let batch = (inputs: Tensor.ones([1, 1]), targets: Tensor.ones([1, 1]))
    return SequenceLoader { repeatElement(batch, count: count) }
  }
}

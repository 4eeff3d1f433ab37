import Foundation
import Levin
import Synchronization
import Testing

@testable import LevinTrainer

extension TrainerTests {
  @Suite struct ProgressBarTests {
    private final class Seen: Sendable {
      let titles = Mutex<[String]>([])
    }

    private final class OwnBar: ProgressBar {
      let seen = Seen()
      var epochs: [Int] = []
      override var line: @Sendable (ProgressStatus, Int) -> String {
        let seen = seen
        return { status, _ in
          seen.titles.withLock { $0.append(status.title) }
          return status.title
        }
      }
      override func epochLine(_ trainer: Trainer, seconds: Double) -> String? {
        epochs.append(trainer.currentEpoch)
        return nil
      }
    }

    private final class Slow: BoringModule {
      override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
        Thread.sleep(forTimeInterval: 0.02)
        return try super.trainingStep(batch, batchIndex: batchIndex)
      }
    }

    /// A subclass makes the lines, and its thread ends with the training.
    @Test func aBarOfOnesOwn() async throws {
      let bar = OwnBar(ProgressBar.Options { ($0.plainInterval, $0.refreshRate) = (0.005, 200) })
      try await Trainer.quiet(callbacks: [bar]).fit(Slow(), dataModule: BoringData())
      #expect(bar.epochs == [0, 1])
      let titles = bar.seen.titles.withLock { $0 }
      #expect(titles.contains("Epoch 0/1") && titles.contains("Epoch 1/1"))
      try await Task.sleep(for: .milliseconds(30))
      let count = bar.seen.titles.withLock { $0.count }
      #expect(count == titles.count)
    }

    @Test func aLineWithoutATerminal() {
      let (progress, metrics) = (TrainingProgress(), LiveMetrics())
      progress.enter(.training)
      progress.beginPass(batches: 1875)
      progress.finishBatch(500)
      _ = metrics.cell("train/loss", isForProgressBar: false, 0.25)
      _ = metrics.cell("acc", isForProgressBar: true, 0.5)
      let status = ProgressStatus(progress, metrics, lastEpoch: 4, version: 3)
      #expect(status.plainLine.hasPrefix("Epoch 0/4  500/1875  "))
      #expect(status.plainLine.hasSuffix("it/s  acc 0.500  train/loss 0.250"))
      #expect(status.done == 500 && status.total == 1875 && status.version == 3)
    }
  }
}

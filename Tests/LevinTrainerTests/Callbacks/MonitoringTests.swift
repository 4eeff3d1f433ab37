import Foundation
import Levin
import Testing

extension TrainerTests {
  /// Callbacks that look at a training and log, print or stop it.
  @Suite struct MonitoringTests {
    private func fit(
      _ callback: Callback, epochs: Int = 2, logger: RecordingLogger = RecordingLogger(),
      module: LightningModule<Tensor> = DeepModule(),
      _ change: (inout TrainerConfiguration) -> Void = { _ in }
    ) async throws -> Trainer {
      let trainer = Trainer.quiet(maxEpochs: epochs, callbacks: [callback], logger: logger, change)
      try await trainer.fit(module, dataModule: BoringData())
      return trainer
    }

    @Test func timerMeasuresAndStops() async throws {
      /// A module whose steps take 5 ms.
      final class Slow: BoringModule {
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          Thread.sleep(forTimeInterval: 0.005)
          return try super.trainingStep(batch, batchIndex: batchIndex)
        }
      }
      let timer = TrainingTimer(duration: TimeLimit(seconds: 0.02))
      let trainer = try await fit(timer, epochs: 1000, module: Slow())
      // Each step takes at least 5 ms, so the fourth is the last at the latest.
      #expect((1...4).contains(trainer.globalStep))
      #expect(timer.timeElapsed() >= 0.02)
      #expect(timer.timeRemaining() == 0)
      #expect(timer.timeElapsed(.test) == 0)
      #expect(trainer.shouldStop)
      // Checked at the ends of epochs, of two steps each.
      let byEpoch = TrainingTimer(duration: TimeLimit(seconds: 0.001), interval: .epoch)
      #expect(try await fit(byEpoch, module: Slow()).globalStep == 2)
      // The time of earlier runs counts.
      let resumed = TrainingTimer(duration: TimeLimit(seconds: 0.02))
      try resumed.restore(try #require(try timer.state()))
      #expect(resumed.timeRemaining() == 0)
      let free = TrainingTimer()
      _ = try await fit(free)
      #expect(free.timeRemaining() == nil)
      #expect(free.timeElapsed() > 0 && free.timeElapsed(.validate) > 0)
    }

    @Test func lambdaCallback() async throws {
      var calls: [String] = []
      let callback = LambdaCallback(
        setup: { _, _, stage in calls.append("setup \(stage)") },
        onTrainStart: { _, _ in calls.append("start") },
        onTrainEpochEnd: { trainer, _ in calls.append("epoch \(trainer.currentEpoch)") },
        onValidationBatchEnd: { _, _, batch in calls.append("batch \(batch.index)") },
        onBeforeOptimizerStep: { _, _, optimizer in calls.append("step of \(type(of: optimizer))") }
      )
      _ = try await fit(callback, epochs: 1) { $0.numSanityValSteps = 0 }
      #expect(
        calls == [
          "setup fit", "start", "step of SGD", "step of SGD", "batch 0", "batch 1", "epoch 0",
        ])
    }

    @Test func predictionsAreWritten() async throws {
      final class Writer: PredictionWriter {
        var batches: [String] = []
        var epochs: [[Int]] = []
        override func writeOnBatchEnd(
          _ trainer: Trainer, _ module: LightningModuleBase, _ prediction: Any,
          _ batch: BatchContext
        ) {
          batches.append(
            "\(batch.loaderIndex) \(batch.index) \((prediction as? Tensor)?.shape ?? [])")
        }
        override func writeOnEpochEnd(
          _ trainer: Trainer, _ module: LightningModuleBase, _ predictions: [[Any]]
        ) { epochs.append(predictions.map(\.count)) }
      }
      for interval in [PredictionWriter.Interval.batch, .epoch, .batchAndEpoch] {
        let writer = Writer(interval: interval)
        let set = BoringSet(count: 8)
        _ = try await Trainer.quiet(callbacks: [writer]).predict(
          DeepModule(),
          dataLoaders: [DataLoader(set, batchSize: 4), DataLoader(set, batchSize: 8)])
        #expect(
          writer.batches == (interval == .epoch ? [] : ["0 0 [4, 2]", "0 1 [4, 2]", "1 0 [8, 2]"]))
        #expect(writer.epochs == (interval == .batch ? [] : [[2, 1]]))
      }
    }

    /// A module whose training losses are given, step by step.
    final class Spiky: DeepModule {
      let losses: [Double]
      init(_ losses: [Double]) { self.losses = losses }
      override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
        try super.trainingStep(batch, batchIndex: batchIndex).map {
          $0 * 0 + Float(losses[min(globalStep, losses.count - 1)])
        }
      }
    }

    @Test func aSpikeEndsTheTraining() async throws {
      try await withTemporaryFolder { folder in
        func end(
          _ losses: [Double], _ change: (inout SpikeDetection.Options) -> Void = { _ in }
        ) async throws -> String? {
          let detection = SpikeDetection {
            change(&$0)
            $0.excludeBatchesPath = folder + "/deep"
          }
          let data = BoringData()
          data.trainCount = 32
          do {
            try await Trainer.quiet(maxEpochs: 1, callbacks: [detection])
              .fit(Spiky(losses), dataModule: data)
            return nil
          } catch let error as TrainingSpikeError {
            #expect(error.epoch == 0 && "\(error.loss)" == "\(losses[error.batch])")
            #expect(detection.badBatches.map(\.batch) == [error.batch - 1, error.batch])
            let text = try String(
              contentsOfFile: folder + "/deep/skip_batches.json", encoding: .utf8)
            #expect(text.contains("\"batch\":\(error.batch)"))
            return "\(error.batch)"
          }
        }
        func expect(
          _ batch: String?, _ losses: [Double],
          _ change: (inout SpikeDetection.Options) -> Void = { _ in }
        ) async throws {
          let found = try await end(losses, change)
          #expect(found == batch, "\(losses)")
        }
        try await expect(nil, [1, 1, 1, 2.5, 1])
        // Twice the mean of 1 away.
        try await expect("3", [1, 1, 1, 3, 1])
        try await expect(nil, [1, 1, 1, 3, 1]) { $0.atol = 5 }
        // Only as many batches as the window has are in the mean.
        try await expect("3", [9, 1, 1, 3, 1]) { $0.window = 2 }
        try await expect(nil, [9, 1, 1, 3, 1])
        // A fall is no spike, unless a fall is bad.
        try await expect(nil, [9, 9, 0.1])
        try await expect("2", [-1, -1, -9]) { $0.mode = .max }
        try await expect("1", [1, .nan])
        try await expect(nil, [1, .nan]) { $0.finiteOnly = false }
      }
    }

    @Test func throughput() async throws {
      let logger = RecordingLogger()
      let monitor = ThroughputMonitor(
        .init { $0.windowSize = 2 }, lengths: { _ in 10 }, flops: { _ in 100 })
      _ = try await fit(monitor, logger: logger)
      #expect(logger.values(of: "train/batches") == [1, 2, 3, 4])
      #expect(logger.values(of: "train/samples") == [4, 8, 12, 16])
      #expect(logger.values(of: "train/lengths") == [10, 20, 30, 40])
      #expect(logger.steps(of: "train/time") == [0, 1, 2, 3])
      #expect(logger.steps(of: "train/device/batches_per_sec") == [1, 2, 3])
      let rates = logger.values(of: "train/device/batches_per_sec")
      #expect(rates.allSatisfy { $0 > 0 })
      for (name, factor) in [("samples", 4.0), ("items", 10), ("flops", 100)] {
        let values = logger.values(of: "train/device/\(name)_per_sec")
        // Loggers get numbers in single precision.
        #expect(zip(values, rates).allSatisfy { abs($0 / $1 / factor - 1) < 1e-6 }, "\(name)")
      }
      #expect(logger.values(of: "validate/batches") == [2, 2])
    }

    @Test func deviceStats() async throws {
      let logger = RecordingLogger()
      _ = try await fit(DeviceStatsMonitor(), logger: logger) { $0.logEveryNSteps = 2 }
      let start = "DeviceStatsMonitor.on_train_batch_start/"
      let end = "DeviceStatsMonitor.on_train_batch_end/"
      #if os(Linux)
        for hook in [start, end] {
          #expect(logger.steps(of: hook + "cpu_vm_percent") == [1, 3])
          let shares =
            logger.values(of: hook + "cpu_vm_percent")
            + logger.values(of: hook + "cpu_percent") + logger.values(of: hook + "cpu_swap_percent")
          #expect(shares.allSatisfy { (0...100).contains($0) })
          #expect(logger.values(of: hook + "process_memory").allSatisfy { $0 > 1e6 })
        }
      #endif
      #expect(
        logger.points.allSatisfy {
          !$0.name.hasPrefix("Device") || $0.name.hasPrefix(start) || $0.name.hasPrefix(end)
        })
      await #expect(throws: TrainerError.self) {
        try await fit(DeviceStatsMonitor()) { $0.logger = false }
      }
    }
  }
}

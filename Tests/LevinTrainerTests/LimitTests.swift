import Levin
import Testing

extension TrainerTests {
  /// How long a training takes, and when it validates.
  @Suite struct LimitTests {
    private func fit(
      trainBatches: Int, validationBatches: Int = 2, maxEpochs: Int = 1,
      module: LightningModule<Tensor> = BoringModule(),
      _ change: (inout TrainerConfiguration) -> Void
    ) async throws -> (Trainer, RecordingLogger) {
      let (data, logger) = (BoringData(), RecordingLogger())
      (data.trainCount, data.validationCount) = (4 * trainBatches, 4 * validationBatches)
      let trainer = Trainer.quiet(maxEpochs: maxEpochs, logger: logger, change)
      try await trainer.fit(module, dataModule: data)
      return (trainer, logger)
    }

    /// With 11 batches and an interval of 0.5 PyTorch Lightning validates after 5 and 10, in every epoch.
    @Test func validationWithinAnEpoch() async throws {
      let (_, half) = try await fit(trainBatches: 11, maxEpochs: 2) { $0.valCheckInterval = 0.5 }
      #expect(half.steps(of: "val/x") == [4, 9, 15, 20])
      let (_, counted) = try await fit(trainBatches: 11) { $0.valCheckInterval = 4 }
      #expect(counted.steps(of: "val/x") == [3, 7])
      let (_, rare) = try await fit(trainBatches: 2, maxEpochs: 5) { $0.checkValEveryNEpoch = 2 }
      #expect(rare.steps(of: "val/x") == [3, 7])
    }

    @Test func limitsOfBatches() async throws {
      let (count, _) = try await fit(trainBatches: 10) { $0.limitTrainBatches = 3 }
      #expect(count.globalStep == 3)
      let (fraction, _) = try await fit(trainBatches: 10) { $0.limitTrainBatches = 0.35 }
      #expect(fraction.globalStep == 3)
      let (one, _) = try await fit(trainBatches: 10) { $0.limitTrainBatches = 1 }
      #expect(one.globalStep == 1)
      let (_, none) = try await fit(trainBatches: 2) { $0.limitValBatches = 0 }
      #expect(none.steps(of: "val/x").isEmpty)
      await #expect(
        throws: TrainerError.limitTooSmall(
          key: "limit_train_batches", found: "0.05", smallest: "0.1")
      ) { _ = try await fit(trainBatches: 10) { $0.limitTrainBatches = 0.05 } }
      await #expect(
        throws: TrainerError.configuration(
          key: "val_check_interval", found: "3",
          expected: "1 to 2, the training batches of an epoch; more, counted across epochs, with "
            + "check_val_every_n_epoch: null")
      ) { _ = try await fit(trainBatches: 2) { $0.valCheckInterval = 3 } }
    }

    @Test func limitsOfStepsAndEpochs() async throws {
      let (steps, _) = try await fit(trainBatches: 4) {
        $0.maxEpochs = nil
        $0.maxSteps = 10
      }
      #expect((steps.globalStep, steps.currentEpoch) == (10, 3))
      let (none, _) = try await fit(trainBatches: 4) { $0.maxEpochs = 0 }
      #expect(none.globalStep == 0)
    }

    @Test func fastDevRunTriesEverythingAndWritesNothing() async throws {
      try await withTemporaryFolder { folder in
        let data = BoringData()
        data.trainCount = 40
        let trainer = Trainer.quiet(maxEpochs: 9, root: folder) { $0.fastDevRun = 2 }
        try await trainer.fit(BoringModule(), dataModule: data)
        #expect((trainer.globalStep, trainer.currentEpoch) == (2, 1))
        #expect(trainer.callbackMetrics["val/x"] != nil)
        #expect(names(in: folder).isEmpty)
      }
      let trainer = Trainer.quiet(maxEpochs: 9) { $0.fastDevRun = true }
      try await trainer.fit(BoringModule(), dataModule: BoringData())
      #expect(trainer.globalStep == 1)
    }

    /// Two batches of 4 accumulated are one of 8: the gradient of the mean is the mean of the gradients.
    @Test func accumulatedGradientsAreThoseOfALargerBatch() async throws {
      func weights(batchSize: Int, accumulated: Int) async throws -> [Float] {
        seedEverything(1)
        let (module, data) = (BoringModule(), BoringData())
        (data.trainCount, data.batchSize) = (40, batchSize)
        let trainer = Trainer.quiet(maxEpochs: 2) { $0.accumulateGradBatches = accumulated }
        try await trainer.fit(module, dataModule: data)
        #expect(trainer.globalStep == 10)
        return module.parameters.flatMap { $0.value.scalars(as: Float.self) }
      }
      let whole = try await weights(batchSize: 8, accumulated: 1)
      let halves = try await weights(batchSize: 4, accumulated: 2)
      #expect(zip(whole, halves).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    /// The optimizer steps after every third batch, and after the last one.
    @Test func accumulationStepsOnTheLastBatchToo() async throws {
      let (trainer, logger) = try await fit(trainBatches: 7) { $0.accumulateGradBatches = 3 }
      #expect(trainer.globalStep == 3)
      #expect(logger.steps(of: "train/loss") == [0, 1, 2])
    }

    /// Gradients of 3 and 4, held to a norm of 1, and to 3.5 element by element.
    @Test func gradientsAreClipped() async throws {
      final class Clipped: LightningModule<Tensor> {
        let a = Parameter(Tensor([1] as [Float]))
        let b = Parameter(Tensor([1] as [Float]))
        var seen: [Float] = []
        override func configureOptimizers() throws -> any OptimizerConfiguration { Adam([a, b]) }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          (a.value * 3 + b.value * 4).sum()
        }
        override func optimizerStep(
          _ optimizer: Optimizer, epoch: Int, batchIndex: Int, closure: () throws -> Tensor?
        ) throws {
          _ = try closure()
          seen = [a, b].map { Float($0.gradient?.item() ?? 0) }
        }
      }
      let module = Clipped()
      _ = try await fit(trainBatches: 1, validationBatches: 0, module: module) {
        $0.gradientClipVal = 1
      }
      #expect(abs(module.seen[0] - 0.6) < 1e-5 && abs(module.seen[1] - 0.8) < 1e-5)
      _ = try await fit(trainBatches: 1, validationBatches: 0, module: module) {
        $0.gradientClipVal = 3.5
        $0.gradientClipAlgorithm = .value
      }
      #expect(module.seen == [3, 3.5])
    }

    @Test func overfittingTakesTheSameBatchesInOrder() async throws {
      final class Seeing: BoringModule {
        var seen: [[Float]] = []
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          seen.append(batch.scalars(as: Float.self))
          return try super.trainingStep(batch, batchIndex: batchIndex)
        }
      }
      let (module, data) = (Seeing(), BoringData())
      (data.trainCount, data.shuffles) = (40, true)
      let trainer = Trainer.quiet(maxEpochs: 2) { $0.overfitBatches = 2 }
      try await trainer.fit(module, dataModule: data)
      let expected = [0..<4, 4..<8].map { range in
        BoringSet(count: 40).batch(at: Array(range)[...]).scalars(as: Float.self)
      }
      #expect(module.seen == expected + expected)
    }

    @Test func aStepMaySkipABatchAndAHookTheRest() async throws {
      final class Skipping: BoringModule {
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? { nil }
        override func onTrainBatchStart(_ batch: Tensor, batchIndex: Int) throws -> Bool {
          batchIndex < 3
        }
      }
      let module = Skipping()
      let before = module.bits
      let (trainer, _) = try await fit(trainBatches: 5, module: module) { _ in }
      #expect(module.bits == before)
      #expect((trainer.globalStep, trainer.currentEpoch) == (3, 1))
    }
  }
}

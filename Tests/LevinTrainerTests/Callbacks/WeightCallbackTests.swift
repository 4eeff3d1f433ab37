import Levin
import Testing

extension TrainerTests {
  /// Callbacks that change weights, learning rates or what is trained.
  @Suite struct WeightCallbackTests {
    /// Notes the head's weights after each step and at each epoch's start.
    final class Recorder: Callback {
      var afterSteps: [[Double]] = []
      var atEpochs: [[Double]] = []
      var inValidation: [[Double]] = []
      override var priority: Priority { .first }
      override func onTrainBatchEnd(
        _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
      ) { afterSteps.append(Self.values(module)) }
      override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
        atEpochs.append(Self.values(module))
      }
      override func onValidationBatchEnd(
        _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
      ) { inValidation.append(Self.values(module)) }
      static func values(_ module: LightningModuleBase) -> [Double] {
        module.parameter(at: "head.weight")?.value.to(.float64).scalars(as: Double.self) ?? []
      }
    }

    private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
      a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 }
    }

    private func mean(_ all: [[Double]]) -> [Double] {
      all[0].indices.map { index in all.map { $0[index] }.reduce(0, +) / Double(all.count) }
    }

    private func fit(
      _ callback: Callback, epochs: Int, _ change: (inout TrainerConfiguration) -> Void = { _ in }
    ) async throws -> (DeepModule, Recorder) {
      seedEverything(1)
      let (module, recorder) = (DeepModule(), Recorder())
      try await Trainer.quiet(maxEpochs: epochs, callbacks: [callback, recorder]) {
        $0.numSanityValSteps = 0
        change(&$0)
      }.fit(module, dataModule: BoringData())
      return (module, recorder)
    }

    @Test func weightAveraging() async throws {
      let (module, recorder) = try await fit(WeightAveraging(), epochs: 2)
      #expect(isClose(module.values("head.weight"), mean(recorder.afterSteps)))
      // Validations see the averages so far, and the training goes on with its own weights.
      #expect(isClose(recorder.inValidation[0], mean(Array(recorder.afterSteps[..<2]))))
      let (_, plain) = try await fit(Callback(), epochs: 2)
      #expect(recorder.afterSteps == plain.afterSteps)
    }

    @Test func exponentialAveraging() async throws {
      let callback = EMAWeightAveraging(decay: 0.75) {
        ($0.updateEveryNSteps, $0.updateStartingAtStep) = (2, 1)
      }
      let (module, recorder) = try await fit(callback, epochs: 3)
      // After the steps 2 and 4, counted from 0.
      let states = recorder.afterSteps
      let wanted = states[2].indices.map { 0.75 * states[2][$0] + 0.25 * states[4][$0] }
      #expect(isClose(module.values("head.weight"), wanted))
    }

    @Test func stochasticWeightAveraging() async throws {
      let callback = StochasticWeightAveraging(rates: [0.01], epochStart: 0.75)
      let (module, recorder) = try await fit(callback, epochs: 4)
      // int(4 · 0.75) is the third epoch.
      #expect(callback.averagedCount == 2)
      #expect(isClose(module.values("head.weight"), mean(Array(recorder.atEpochs[2...]))))
      // The statistics are those of the averages, over the batches of an epoch.
      let found = try #require(module.buffer(at: "backbone.1.running_mean")?.value)
      let data = try BoringData().trainDataLoader().map { $0 }
      let means = data.map { module.backbone.train()[0]($0).mean(dimensions: [0]) }
      let wanted = (means[0] + means[1]) / 2
      #expect((found - wanted).absolute().max().item() < 1e-6)
      let count = module.buffer(at: "backbone.1.num_batches_tracked")?.value.item()
      #expect(count == 2)
    }

    @Test func accumulation() async throws {
      let (_, recorder) = try await fit(
        GradientAccumulationScheduler(scheduling: [1: 2]), epochs: 3)
      let changes = zip(recorder.afterSteps, recorder.afterSteps.dropFirst()).map { $0 != $1 }
      // One batch a step in epoch 0, then two.
      #expect(changes == [true, false, true, false, true])
      await #expect(throws: TrainerError.self) {
        _ = try await fit(GradientAccumulationScheduler(scheduling: [1: 2]), epochs: 1) {
          $0.accumulateGradBatches = 2
        }
      }
    }

    @Test func backboneFinetuning() async throws {
      final class Watch: Callback {
        var trained: [Bool] = []
        var rates: [[Double]] = []
        override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
          trained.append(module.parameter(at: "backbone.0.weight")?.requiresGradient ?? false)
          rates.append(trainer.optimizers[0].groups.map(\.learningRate))
        }
      }
      seedEverything(1)
      let (module, watch) = (DeepModule(), Watch())
      let before = module.values("backbone.0.weight")
      let callback = BackboneFinetuning(unfreezeAtEpoch: 2) { $0.initialRatio = 0.25 }
      let trainer = Trainer.quiet(maxEpochs: 2, callbacks: [callback, watch])
      try await trainer.fit(module, dataModule: BoringData())
      #expect(module.values("backbone.0.weight") == before)
      #expect(watch.trained == [false, false])

      let (second, again) = (DeepModule(), Watch())
      try await Trainer.quiet(
        maxEpochs: 6,
        callbacks: [
          BackboneFinetuning(unfreezeAtEpoch: 2) { $0.initialRatio = 0.25 }, again,
        ]
      ).fit(second, dataModule: BoringData())
      #expect(again.trained == [false, false, true, true, true, true])
      #expect(
        again.rates.map { $0.map { Float($0) } } == [
          [0.05], [0.05], [0.05, 0.0125], [0.05, 0.025], [0.05, 0.05], [0.05, 0.05],
        ])
    }

    /// One's own rule, with a scheduler that follows the groups that are added.
    @Test func ownFinetuning() async throws {
      final class Scheduled: DeepModule {
        override func configureOptimizers() throws -> any OptimizerConfiguration {
          StepLR(
            SGD(parameters.filter(\.requiresGradient), learningRate: 0.1),
            .init(stepSize: 1, gamma: 0.5))
        }
      }
      final class Rule: BaseFinetuning {
        override func freezeBeforeTraining(_ module: LightningModuleBase) throws {
          if let backbone = module.child(at: "backbone") { freeze(backbone, trainBatchNorm: false) }
        }
        override func finetune(_ module: LightningModuleBase, epoch: Int, _ optimizer: Optimizer) {
          guard epoch == 1, let backbone = module.child(at: "backbone") else { return }
          unfreezeAndAddGroup(backbone, to: optimizer, trainBatchNorm: false)
        }
      }
      final class Rates: Callback {
        var all: [[Float]] = []
        override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
          all.append(trainer.optimizers[0].groups.map { Float($0.learningRate) })
        }
      }
      let rates = Rates()
      let module = Scheduled()
      try await Trainer.quiet(maxEpochs: 3, callbacks: [Rule(), rates])
        .fit(module, dataModule: BoringData())
      #expect(rates.all == [[0.05], [0.025, 0.0025], [0.0125, 0.00125]])
      #expect(Rule().parameters(of: module, trainBatchNorm: false).count == 4)
      #expect(Rule().parameters(of: module, requiresGradient: false).isEmpty)
    }
  }
}

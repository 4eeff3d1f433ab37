import Foundation
import Levin
import Testing

@testable import LevinTrainer

extension TrainerTests {
  /// What a module and its callbacks get from the loops besides batches.
  @Suite struct BreadthTests {
    class Evaluated: BoringModule {
      var seen: [Float] = []
      override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
        (layer(batch).mean().item() as Double, batchIndex)
      }
      override func testStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
        batchIndex == 0 ? "first" : nil
      }
      override func onValidationEpochEnd() throws {
        seen.append(contentsOf: outputs(as: (Double, Int).self).map { Float($0.0) })
      }
    }

    @Test func outputsOfStepsReachEpochHooksAndCallbacks() async throws {
      final class Watching: Callback {
        var outputs: [String?] = []
        var samples: [Int] = []
        override func onTestBatchEnd(
          _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
        ) {
          outputs.append(batch.outputs(as: String.self))
          samples.append(batch.sampleCount)
          #expect(batch.batch(as: Tensor.self)?.shape == [batch.sampleCount, 4])
          #expect(batch.batch(as: String.self) == nil)
        }
      }
      let (module, watching) = (Evaluated(), Watching())
      let trainer = Trainer.quiet(callbacks: [watching])
      let data = BoringData()
      data.validationCount = 10
      try await trainer.validate(module, dataModule: data, verbose: false)
      #expect(module.seen.count == 3)
      #expect(module.outputs(as: String.self).isEmpty)
      try await trainer.test(module, dataModule: data, verbose: false)
      #expect(watching.outputs == ["first", nil])
      #expect(watching.samples == [4, 4])
      #expect(module.outputs(as: String.self) == ["first"])
    }

    @Test func predictionsOfAnyTypeAsAnArrayOrAStream() async throws {
      final class Naming: BoringModule {
        override func predictStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
          "\(loaderIndex).\(batchIndex)"
        }
      }
      let (module, data) = (Naming(), BoringData())
      let trainer = Trainer.quiet()
      let names = try await trainer.predict(module, dataModule: data, as: String.self)
      #expect(names == ["0.0", "0.1"])
      await #expect(throws: TrainerError.predictionType(found: "String", expected: "Tensor")) {
        _ = try await trainer.predict(module, dataModule: data)
      }
      var streamed: [String] = []
      for try await prediction in trainer.predictions(module, dataModule: data, as: String.self) {
        streamed.append(prediction.output)
        #expect(trainer.stage == .predict)
        if prediction.batchIndex == 0 { #expect(streamed.count == 1) }
      }
      #expect(streamed == names)
      #expect(trainer.stage == nil)
      // A loop that is left frees the trainer.
      for try await _ in trainer.predictions(module, dataModule: data, as: String.self) { break }
      let loaders = [try data.predictDataLoader(), try data.predictDataLoader()]
      let both = try await trainer.predict(module, dataLoaders: loaders, as: String.self)
      #expect(both == ["0.0", "0.1", "1.0", "1.1"])
    }

    @Test func aModuleCanHaveItsLoaders() async throws {
      final class Own: BoringModule {
        override func trainDataLoader() -> BatchLoader<Tensor> {
          DataLoader(BoringSet(count: 8), batchSize: 4)
        }
        override func testDataLoader() -> BatchLoader<Tensor> {
          DataLoader(BoringSet(count: 4), batchSize: 4)
        }
      }
      let trainer = Trainer(maxEpochs: 3, gradientClip: .norm(1)) {
        $0.enableProgressBar = false
        $0.enableModelSummary = false
        $0.enableCheckpointing = false
        $0.logger = false
      }
      #expect(trainer.configuration.gradientClipVal == 1)
      try await trainer.fit(Own())
      #expect((trainer.globalStep, trainer.batchStep) == (6, 6))
      #expect(try await trainer.test(Own(), verbose: false) == [["test/x": 1]])
      do {
        try await trainer.fit(BoringModule())
        Issue.record("no error")
      } catch {
        #expect(
          "\(error)"
            == "BoringModule does not override trainDataLoader(), but fit was called without loaders and "
            + "without a data module.")
      }
    }

    @Test func aBatchCanBeChangedBeforeTheStep() async throws {
      final class Doubling: BoringModule {
        var sums: [Double] = []
        override func onAfterBatchTransfer(_ batch: Tensor, loaderIndex: Int) -> Tensor {
          batch * 2
        }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          sums.append(batch.sum().item())
          return try super.trainingStep(batch, batchIndex: batchIndex)
        }
      }
      let (module, data) = (Doubling(), BoringData())
      data.validationCount = 0
      try await Trainer.quiet(maxEpochs: 1).fit(module, dataModule: data)
      let plain = BoringSet(count: 8).batch(at: [0, 1, 2, 3]).sum().item() as Double
      #expect(abs(module.sums[0] - 2 * plain) < 1e-5)
    }

    /// The weights of a training with random validations, and without.
    @Test func validationsCanLeaveTheRandomNumbersAlone() async throws {
      final class Drawing: BoringModule {
        override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
          log("val/x", Tensor.rand([1]).mean())
        }
      }
      func bits(_ randomness: Randomness, validates: Bool) async throws -> [UInt32] {
        seedEverything(3)
        let (module, data) = (Drawing(), BoringData())
        data.shuffles = true
        data.trainCount = 20
        if !validates { data.validationCount = 0 }
        try await Trainer.quiet(maxEpochs: 3) { $0.randomness = randomness }
          .fit(module, dataModule: data)
        return module.bits
      }
      let plain = try await bits(.isolated, validates: false)
      #expect(try await bits(.isolated, validates: true) == plain)
      #expect(try await bits(.torch, validates: false) == plain)
      #expect(try await bits(.torch, validates: true) != plain)
    }

    @Test func aModuleIsRebuiltFromItsCheckpoint() async throws {
      struct Options: HyperparameterSet {
        var width = 2
        var rate = 0.05
        init() {}
      }
      final class Sized: LightningModule<Tensor>, Configurable {
        let hyperparameters: Options
        let layer: Linear
        init(_ hyperparameters: Options) {
          self.hyperparameters = hyperparameters
          layer = Linear(4, hyperparameters.width)
        }
        override func configureOptimizers() throws -> any OptimizerConfiguration {
          Adam(parameters, learningRate: hyperparameters.rate)
        }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          layer(batch).squared().mean()
        }
        override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? { nil }
      }
      struct OtherOptions: HyperparameterSet {
        var widht = 2
        var rate = 0.05
        init() {}
      }
      final class Misspelt: LightningModule<Tensor>, Configurable {
        let hyperparameters: OtherOptions
        init(_ hyperparameters: OtherOptions) { self.hyperparameters = hyperparameters }
      }
      try await withTemporaryFolder { folder in
        var options = Options()
        (options.width, options.rate) = (3, 0.25)
        let module = Sized(options)
        try await Trainer.quiet(maxEpochs: 1, root: folder, logger: RecordingLogger())
          .fit(module, dataModule: BoringData())
        let path = folder + "/checkpoints/epoch=0-step=2.safetensors"
        let found = try Sized.loadFromCheckpoint(path) { $0.rate = 0.5 }
        #expect((found.hyperparameters.width, found.hyperparameters.rate) == (3, 0.5))
        #expect(
          found.layer.weight.value.scalars(as: Float.self)
            == module.layer.weight.value.scalars(as: Float.self))
        do {
          _ = try Misspelt.loadFromCheckpoint(path)
          Issue.record("no error")
        } catch {
          #expect(
            "\(error)"
              == "checkpoint '\(path)': its hyperparameter 'width' is unknown to OtherOptions; "
              + "did you mean 'widht'?")
        }
      }
    }

    @Test func aWrongMonitorIsRefusedAfterTheSanityCheck() async throws {
      let trainer = Trainer.quiet(callbacks: [EarlyStopping(monitor: "val/loss")])
      await #expect(
        throws: TrainerError.unknownMetric(
          name: "val/loss", callback: "EarlyStopping", known: ["val/x"])
      ) { try await trainer.fit(BoringModule(), dataModule: BoringData()) }
      #expect(trainer.globalStep == 0)
      // One that the training may log is not known yet.
      let other = Trainer.quiet(maxEpochs: 1, callbacks: [EarlyStopping(monitor: "train/loss")])
      try await other.fit(BoringModule(), dataModule: BoringData())
    }

    @Test func manualOptimizationRefusesWhatOnlyTheTrainerCouldDo() async throws {
      let module = BoringModule()
      module.automaticOptimization = false
      await #expect(throws: TrainerError.notManual(key: "gradient_clip_val")) {
        try await Trainer.quiet { $0.gradientClipVal = 1 }.fit(module, dataModule: BoringData())
      }
      await #expect(throws: TrainerError.notManual(key: "accumulate_grad_batches")) {
        try await Trainer.quiet { $0.accumulateGradBatches = 2 }
          .fit(module, dataModule: BoringData())
      }
    }

    @Test func aToggledOptimizerHasTheGradientsAlone() async throws {
      final class Toggling: LightningModule<Tensor> {
        let (a, b) = (Linear(4, 1), Linear(4, 1))
        override func configureOptimizers() throws -> any OptimizerConfiguration {
          [SGD(a.parameters, learningRate: 0.1), SGD(b.parameters, learningRate: 0.1)]
        }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          let loss = try optimizer(1).toggled {
            #expect(!a.weight.requiresGradient && b.weight.requiresGradient)
            let loss = (a(batch) + b(batch)).squared().mean()
            try manualBackward(loss)
            #expect(a.weight.gradient == nil && b.weight.gradient != nil)
            try optimizer(1).step()
            return loss
          }
          #expect(a.weight.requiresGradient)
          return loss
        }
      }
      let (module, data) = (Toggling(), BoringData())
      module.automaticOptimization = false
      data.validationCount = 0
      let trainer = Trainer.quiet(maxEpochs: 1)
      try await trainer.fit(module, dataModule: data)
      #expect(trainer.globalStep == 2)
    }

    /// FLOPs and sizes as Lightning's ModelSummary gives them for a batch of 8.
    @Test func optimizersTakeTurns() async throws {
      final class Turns: BoringModule {
        var turns = ""
        override init() {
          super.init()
          automaticOptimization = false
        }
        override func configureOptimizers() throws -> any OptimizerConfiguration {
          Optimization(
            [
              "critic": SGD([layer.weight], learningRate: 0.1),
              "generator": SGD([layer.bias!], learningRate: 0.1),
            ], frequencies: ["critic": 2])
        }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          for name in ["critic", "generator"] where isTurn(of: name, batchIndex: batchIndex) {
            turns += name.prefix(1)
          }
          return nil
        }
      }
      let (module, data) = (Turns(), BoringData())
      data.trainCount = 28
      try await Trainer.quiet(maxEpochs: 2).fit(module, dataModule: data)
      #expect(module.turns == "ccgccgcccgccgc")
    }

    @Test func aSamplerKnowsTheEpoch() async throws {
      final class Watching: BoringModule {
        var first: [[Float]] = []
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          if batchIndex == 0 { first.append(batch.scalars(as: Float.self)) }
          return layer(batch).mean()
        }
      }
      let data = BoringSet(count: 40)
      let sampler = DistributedSampler(sampleCount: 40, replicaCount: 1, rank: 0)
      let module = Watching()
      try await Trainer.quiet(maxEpochs: 3).fit(
        module, trainDataLoader: DataLoader(data, batchSize: 4, sampler: sampler))
      #expect(Set(module.first).count == 3)
    }

    @Test func withoutAnOptimizerTheStepsRunAndNothingIsTrained() async throws {
      final class Untrained: BoringModule {
        override func configureOptimizers() throws -> any OptimizerConfiguration {
          try Optimization()
        }
      }
      let module = Untrained()
      let before = module.bits
      let trainer = Trainer.quiet()
      try await trainer.fit(module, dataModule: BoringData())
      #expect(trainer.callbackMetrics["train/loss"] != nil)
      #expect(module.bits == before)
    }

    @Test func anExampleInputShowsSizesAndOperations() throws {
      final class Example: BoringModule {
        override var exampleInput: Tensor? { Tensor.zeros([8, 4]) }
      }
      let module = Example()
      let run = try ExampleRun(of: module, Tensor.zeros([8, 4]))
      // 8 rows × 2 outputs × 4 products and sums.
      #expect(run.operations == 128)
      let text = ModelSummary.text(of: module, run, width: 100)
      #expect(
        text.split(separator: "\n").prefix(3).joined(separator: "\n") == """
            | Name  | Type   | Params | Mode  | FLOPs | In sizes | Out sizes
          ------------------------------------------------------------------
          0 | layer | Linear | 10     | train | 128   | [8, 4]   | [8, 2]
          """)
      #expect(text.hasSuffix("128       Total FLOPs"))
      let convolution = Conv2d(3, 6, kernelSize: 3, groups: 3)
      let counted = LightningModuleBaseWith(convolution)
      // 2 images × 6 × 5 × 5 outputs × 9 products and sums of one channel each.
      #expect(
        try ExampleRun(of: counted, Tensor.zeros([2, 3, 7, 7])).operations == 2 * 2 * 6 * 25 * 9)
    }

    final class LightningModuleBaseWith: LightningModule<Tensor> {
      let layer: Layer
      init(_ layer: Layer) { self.layer = layer }
    }
  }
}

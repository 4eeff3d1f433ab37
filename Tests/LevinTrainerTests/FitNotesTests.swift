import Foundation
import Levin
import Testing

extension TrainerTests {
  /// The notes of a trainer about a run that ends early, trains nothing, or trains only a part.
  @Suite struct FitNotesTests {
    private func output(_ result: ExitTest.Result?) throws -> String {
      String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
    }

    @Test func nothingToTrainIsSaid() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
      ) {
        func fit(
          _ data: BoringData = BoringData(),
          _ change: (inout TrainerConfiguration) -> Void = { _ in }
        ) async throws {
          try await Trainer.quiet(change).fit(BoringModule(), dataModule: data)
        }
        await Program.run {
          let empty = BoringData()
          empty.trainCount = 0
          try await fit(empty)
          let unvalidated = BoringData()
          unvalidated.emptyValidation = true
          try await fit(unvalidated)
          try await fit { $0.maxEpochs = 0 }
          try await fit { $0.maxSteps = 0 }
          try await fit { $0.limitTrainBatches = 0 }
          let loader = DataLoader(BoringSet(count: 3), batchSize: 4, dropLast: true)
          try await Trainer.quiet().fit(BoringModule(), trainDataLoader: loader)
          let nothing = DataLoader(BoringSet(count: 0), batchSize: 4)
          try await Trainer.quiet().validate(BoringModule(), dataLoader: nothing)
          try await Trainer.quiet { $0.limitTestBatches = 0 }
            .test(BoringModule(), dataModule: BoringData())
          _ = try await Trainer.quiet().predict(BoringModule(), dataLoader: nothing)
        }
      }
      #expect(
        try output(result) == """
          Nothing trained: the training set is empty.
          Nothing validated: the validation set is empty.
          Nothing trained: trainer.max_epochs is 0.
          Nothing trained: trainer.max_steps is 0.
          Nothing trained: trainer.limit_train_batches is 0.
          Nothing trained: the training set has 3 samples, fewer than a batch of 4, and dropLast \
          drops incomplete batches.
          Nothing validated: the validation set is empty.
          Nothing tested: trainer.limit_test_batches is 0.
          Nothing predicted: the prediction set is empty.

          """)
    }

    @Test func aStopBeforeTheLastEpochSaysWhy() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
      ) {
        final class Constant: BoringModule {
          override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
            log("v", 1.0)
          }
        }
        final class Stop: Callback {
          override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
            if trainer.currentEpoch == 1 { trainer.shouldStop = true }
          }
        }
        await Program.run {
          let early = EarlyStopping(monitor: "v", patience: 2)
          let trainer = Trainer.quiet(maxEpochs: 9, callbacks: [early])
          try await trainer.fit(Constant(), dataModule: BoringData())
          try await Trainer.quiet(maxEpochs: 9, callbacks: [Stop()])
            .fit(BoringModule(), dataModule: BoringData())
          try await Trainer.quiet { $0.maxSteps = 3 }.fit(BoringModule(), dataModule: BoringData())
          try await Trainer.quiet { $0.fastDevRun = 1 }.fit(
            BoringModule(), dataModule: BoringData())
          // The requested end.
          try await Trainer.quiet().fit(BoringModule(), dataModule: BoringData())
        }
      }
      #expect(
        try output(result) == """
          Stopped after epoch 2: v has not improved for 2 checks.
          Stopped after epoch 1: the trainer's shouldStop was set.
          Stopped after step 3: trainer.max_steps is 3.
          fast_dev_run: 1 batch of each loop, without a logger or checkpoints.

          """)
    }

    @Test func parametersThatAreNotTrainedAreNamedOnce() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
      ) {
        final class Partly: BoringModule {
          let head = Linear(2, 2)
          let unused = [Linear(1, 1), Linear(1, 1), Linear(1, 1)]
          let frozen = Parameter(Tensor([1] as [Float]))
          override init() {
            super.init()
            frozen.requiresGradient = false
          }
          override func configureOptimizers() throws -> any OptimizerConfiguration {
            Adam(layer.parameters + unused.flatMap(\.parameters))
          }
        }
        await Program.run {
          try await Trainer.quiet(maxEpochs: 3).fit(Partly(), dataModule: BoringData())
        }
      }
      #expect(
        try output(result) == """
          Not trained, because no optimizer holds them: head.weight, head.bias. Give them to the \
          optimizer, or set their requiresGradient to false.
          Without a gradient in epoch 0, because no loss depends on them: unused.0.weight, \
          unused.0.bias, unused.1.weight, unused.1.bias and 2 more.

          """)
    }

    @Test func whatIsLeftOutIsSaidOnce() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
      ) {
        final class Untrained: BoringModule {
          override func configureOptimizers() throws -> any OptimizerConfiguration {
            try Optimization()
          }
        }
        final class Waiting: BoringModule {
          override func configureOptimizers() throws -> any OptimizerConfiguration {
            let scheduler = ReduceLROnPlateau(
              SGD(parameters, learningRate: 0.1), .init(patience: 0), monitor: "nothing")
            scheduler.isStrict = false
            return scheduler
          }
        }
        await Program.run {
          try await Trainer.quiet().fit(Untrained(), dataModule: BoringData())
          try await Trainer.quiet(maxEpochs: 3).fit(Waiting(), dataModule: BoringData())
        }
      }
      #expect(
        try output(result) == """
          Untrained.configureOptimizers() returned no optimizer: nothing is trained.
          ReduceLROnPlateau follows 'nothing', which was not logged: its steps are left out.

          """)
    }

    @Test func aLossThatIsNoNumberIsSaidOnce() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
      ) {
        final class Broken: BoringModule {
          override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
            let loss = layer(batch).mean()
            return batchIndex == 0 || batchIndex == 2 ? loss * Float.nan : loss
          }
        }
        await Program.run {
          // NaN after batch 0 by its step; batch 1 cannot mend that.
          try await Trainer.quiet(maxEpochs: 3).fit(Broken(), dataModule: BoringData())
        }
      }
      #expect(
        try output(result) == """
          The loss has been nan since batch 0 of epoch 0. Lower the learning rate (now 0.05), limit the \
          gradients (trainer.gradient_clip_val), or look for such values in the data.

          """)
    }

    @Test func anOptimizerWithoutParametersIsRefused() async throws {
      final class Nothing: BoringModule {
        override func configureOptimizers() throws -> any OptimizerConfiguration { Adam([]) }
      }
      final class Bare: LightningModule<Tensor> {
        override func configureOptimizers() throws -> any OptimizerConfiguration {
          Adam(parameters)
        }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? { nil }
      }
      func message(_ module: LightningModule<Tensor>) async -> String {
        do {
          try await Trainer.quiet().fit(module, dataModule: BoringData())
          return "no error"
        } catch {
          return "\(error)"
        }
      }
      #expect(
        await message(Nothing())
          == "Nothing.configureOptimizers() returned an optimizer (Adam) without parameters, which "
          + "trains nothing. Give it parameters, for example those of the whole module: "
          + "Adam(parameters).")
      #expect(
        await message(Bare())
          == "Bare.configureOptimizers() returned an optimizer (Adam) without parameters, which trains "
          + "nothing. Bare has no parameters: keep its layers in stored properties.")
    }

    /// Layers in a dictionary are trained, saved, and loaded by their own module.
    @Test func aModuleLoadsItsOwnCheckpoint() async throws {
      final class Named: LightningModule<Tensor> {
        let layers = ["a": Linear(4, 2), "b": Linear(2, 1)]
        lazy var head = Linear(1, 1)
        override init() {
          super.init()
          _ = head
        }
        override func configureOptimizers() throws -> any OptimizerConfiguration {
          Adam(parameters, learningRate: 0.05)
        }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          guard let a = layers["a"], let b = layers["b"] else { return nil }
          return head(b(a(batch))).squared().mean()
        }
        var weights: [[Float]] { parameters.map { $0.value.scalars(as: Float.self) } }
      }
      try await withTemporaryFolder { folder in
        let (module, data) = (Named(), BoringData())
        data.validationCount = 0
        let before = module.weights
        try await Trainer.quiet(root: folder).fit(module, dataModule: data)
        #expect(zip(before, module.weights).allSatisfy { $0 != $1 })
        let other = Named()
        try other.loadWeights(
          from: folder + "/lightning_logs/version_0/checkpoints/epoch=1-step=4.safetensors")
        #expect(other.weights == module.weights)
      }
    }

    @Test func foldersThatCannotBeWrittenToAreRefusedBeforeTheFirstEpoch() async throws {
      final class Untrained: BoringModule {
        override func onFitStart() throws { Issue.record("the training began") }
      }
      func message(_ trainer: Trainer) async -> String {
        do {
          try await trainer.fit(Untrained(), dataModule: BoringData())
          return "no error"
        } catch {
          return "\(error)"
        }
      }
      try await withTemporaryFolder { folder in
        let file = folder + "/file"
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        #expect(
          await message(.quiet(callbacks: [ModelCheckpoint(directory: file + "/x")]))
            == "cannot make the folder '\(file)/x': Not a directory. Check the path.")
        #expect(
          await message(.quiet(root: file) { $0.logger = false })
            == "cannot make the folder '\(file)/checkpoints': Not a directory. Check the path.")
        let closed = folder + "/closed"
        try FileManager.default.createDirectory(atPath: closed, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: closed)
        // The superuser may write everywhere.
        guard geteuid() != 0 else { return }
        #expect(
          await message(.quiet(root: closed))
            == "cannot make the folder '\(closed)/lightning_logs': Permission denied. Give yourself "
            + "permission to write there, or choose another folder (trainer.default_root_dir).")
      }
    }
  }
}

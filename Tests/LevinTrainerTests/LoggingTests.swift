import Levin
import Testing

extension TrainerTests {
  @Suite struct LoggingTests {
    /// 5 batches an epoch, a point every 2 steps, over epochs: x is the number of the step from 0.
    @Test func xAxes() async throws {
      let logger = RecordingLogger()
      let data = BoringData()
      data.trainCount = 20
      let trainer = Trainer.quiet(maxEpochs: 2, logger: logger) { $0.logEveryNSteps = 2 }
      let module = BoringModule()
      try await trainer.fit(module, dataModule: data)
      try await trainer.test(module, dataModule: data, verbose: false)
      #expect(logger.steps(of: "train/loss") == [1, 3, 5, 7, 9])
      #expect(logger.steps(of: "val/x") == [4, 9])
      #expect(logger.steps(of: "test/x") == [10])
      #expect(logger.steps(of: "epoch") == [1, 3, 4, 5, 7, 9, 9, 10])
      #expect(logger.values(of: "epoch") == [0, 0, 0, 1, 1, 1, 1, 2])
      #expect(module.currentEpoch == 2)
      #expect(module.globalStep == 10)
    }

    /// Batches of 4, 4 and 2 samples: the mean counts samples, not batches.
    @Test func meansAreWeightedByBatchSize() async throws {
      final class Module: BoringModule {
        override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
          let value = Double(batchIndex)
          log("mean", value)
          log("weighted", value, batchSize: batchIndex == 0 ? 6 : 1)
          log("sum", value, reduce: .sum)
          log("min", value + 5, reduce: .min)
          log("max", value, reduce: .max)
          return nil
        }
      }
      let data = BoringData()
      data.validationCount = 10
      let trainer = Trainer.quiet()
      let values = try await trainer.validate(Module(), dataModule: data, verbose: false)
      #expect(values == [["mean": 0.8, "weighted": 0.375, "sum": 3, "min": 5, "max": 2]])
      #expect([trainer.callbackMetrics] == values)
    }

    /// Values logged in a pass remain readable after it, until the next one begins.
    @Test func metricsOfATestStandAfterIt() async throws {
      let trainer = Trainer.quiet()
      let module = BoringModule()
      try await trainer.fit(module, dataModule: BoringData())
      #expect(trainer.callbackMetrics.keys.sorted() == ["train/loss", "val/x"])
      try await trainer.test(module, dataModule: BoringData(), verbose: false)
      #expect(trainer.callbackMetrics == ["test/x": 1])
    }

    @Test func stepAndEpochForkIntoTwoNames() async throws {
      final class Module: BoringModule {
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          log("a", Double(batchIndex), onStep: true, onEpoch: true)
          return layer(batch).mean()
        }
        override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
          log("v", Double(batchIndex), onStep: true)
        }
      }
      let logger = RecordingLogger()
      let trainer = Trainer.quiet(maxEpochs: 2, logger: logger)
      try await trainer.fit(Module(), dataModule: BoringData())
      #expect(logger.steps(of: "a_step") == [0, 1, 2, 3])
      #expect(logger.values(of: "a_step") == [0, 1, 0, 1])
      #expect(logger.steps(of: "a_epoch") == [1, 3])
      #expect(logger.values(of: "a_epoch") == [0.5, 0.5])
      // Every validation batch, counted over passes, without an epoch beside it.
      #expect(logger.steps(of: "v_step") == [0, 1, 2, 3])
      #expect(logger.steps(of: "v_epoch") == [1, 3])
      #expect(logger.steps(of: "a").isEmpty)
      let metrics = trainer.callbackMetrics
      #expect(metrics["a"] == 0.5)
      #expect(metrics["a_step"] == 1)
      #expect(metrics["v_epoch"] == 0.5)
    }

    @Test func epochHooksLogTheEpochsValue() async throws {
      final class Module: BoringModule {
        override func onTrainStart() throws { log("start", 7.0) }
        override func onTrainEpochEnd() throws { log("end", Double(currentEpoch)) }
        override func onValidationEpochEnd() throws { log("val/end", 10 + Double(currentEpoch)) }
      }
      final class Watching: Callback {
        override func onTrainBatchEnd(
          _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
        ) throws { module.log("batch", Double(batch.index), onStep: false, onEpoch: true) }
      }
      let logger = RecordingLogger()
      let trainer = Trainer.quiet(maxEpochs: 2, callbacks: [Watching()], logger: logger)
      try await trainer.fit(Module(), dataModule: BoringData())
      #expect(logger.steps(of: "start") == [1])
      #expect(logger.steps(of: "end") == [1, 3])
      #expect(logger.values(of: "end") == [0, 1])
      #expect(logger.values(of: "val/end") == [10, 11])
      #expect(logger.values(of: "batch") == [0.5, 0.5])
    }

    @Test func aMetricNamedStepReplacesTheStep() async throws {
      final class Module: BoringModule {
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          log("step", Double(100 + batchIndex))
          log("a", 1.0)
          return layer(batch).mean()
        }
      }
      let logger = RecordingLogger()
      let data = BoringData()
      data.validationCount = 0
      try await Trainer.quiet(maxEpochs: 1, logger: logger).fit(Module(), dataModule: data)
      #expect(logger.steps(of: "a") == [100, 101])
      #expect(logger.points.allSatisfy { $0.name == "a" })
    }

    @Test func nothingIsWrittenInTheSanityCheck() async throws {
      final class Module: BoringModule {
        override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
          logger.addText("seen", "\(batchIndex)", step: currentEpoch)
          log("val/x", 1.0, onStep: true)
          return nil
        }
      }
      let logger = RecordingLogger()
      let data = BoringData()
      data.shuffles = true
      seedEverything(3)
      let module = Module()
      try await Trainer.quiet(maxEpochs: 1, logger: logger).fit(module, dataModule: data)
      #expect(logger.texts == ["seen 0 @ 0", "seen 1 @ 0"])
      #expect(logger.steps(of: "val/x_step") == [0, 1])

      // The random numbers of the training are those without a sanity check.
      seedEverything(3)
      let other = Module()
      let trainer = Trainer.quiet(maxEpochs: 1) { $0.numSanityValSteps = 0 }
      try await trainer.fit(other, dataModule: data)
      #expect(other.bits == module.bits)
    }

    @Test func misuseIsAnError() async throws {
      final class Module: BoringModule {
        var misuse: (Module) -> Void = { _ in }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          misuse(self)
          return layer(batch).mean()
        }
      }
      final class OtherHook: BoringModule {
        override func onTrainEnd() throws { log("x", 1.0) }
      }
      func message(_ module: LightningModule<Tensor>) async -> String {
        do {
          try await Trainer.quiet(maxEpochs: 1).fit(module, dataModule: BoringData())
          return "no error"
        } catch {
          return "\(error)"
        }
      }
      let module = Module()
      module.misuse = { $0.log("x", Tensor([1, 2] as [Float])) }
      #expect(
        await message(module)
          == "log(\"x\") in trainingStep: found a tensor of shape [2], expected one element. "
          + "Reduce it first, for example with mean().")
      module.misuse = {
        $0.log("x", 1.0)
        $0.log("x", 2.0, onEpoch: true)
      }
      #expect(
        await message(module)
          == "log(\"x\") was called twice in trainingStep with different arguments. "
          + "Give both calls the same arguments, or two names.")
      module.misuse = { $0.log("x", 1.0, onStep: false, onEpoch: false) }
      #expect(
        await message(module)
          == "log(\"x\", onStep: false, onEpoch: false) in trainingStep would log nothing. "
          + "Set one of them to true.")
      module.misuse = { $0.log("", 1.0) }
      #expect(
        await message(module)
          == "log(\"\") in trainingStep: found an empty name. "
          + "Give the metric a name, such as train/loss.")
      module.misuse = { $0.log("epoch", 1.0) }
      #expect(
        await message(module)
          == "log(\"epoch\") in trainingStep: the trainer logs the epoch itself. Leave the call "
          + "out, or choose another name.")
      #expect(
        await message(OtherHook())
          == "log(\"x\") in onTrainEnd: nothing can be logged there. "
          + "Log in a step, a batch hook or an epoch hook.")
    }
  }
}

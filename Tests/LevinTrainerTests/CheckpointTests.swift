import Foundation
import Levin
import Testing

extension TrainerTests {
  @Suite struct CheckpointTests {
    private func trained(
      in folder: String, epochs: Int = 2, callbacks: [Callback] = []
    ) async throws -> BoringModule {
      let module = BoringModule()
      try await Trainer.quiet(maxEpochs: epochs, root: folder, callbacks: callbacks)
        .fit(module, dataModule: BoringData())
      return module
    }

    private func message(_ body: () async throws -> Void) async -> String {
      do {
        try await body()
        return "no error"
      } catch {
        return "\(error)"
      }
    }

    @Test func lastAndBest() async throws {
      final class Falling: BoringModule {
        // 0, then higher: the first epoch's checkpoint is the best.
        override func onValidationEpochEnd() throws { log("score", Double(currentEpoch)) }
      }
      try await withTemporaryFolder { folder in
        _ = try await trained(in: folder)
        let checkpoint = ModelCheckpoint(monitor: "score", saveTopK: 2)
        let module = Falling()
        try await Trainer.quiet(maxEpochs: 3, root: folder, callbacks: [checkpoint])
          .fit(module, dataModule: BoringData())
        let checkpoints = folder + "/lightning_logs/version_1/checkpoints"
        #expect(
          names(in: checkpoints) == ["epoch=0-step=2.safetensors", "epoch=1-step=4.safetensors"])
        #expect(checkpoint.bestModelPath == checkpoints + "/epoch=0-step=2.safetensors")
        #expect(checkpoint.bestModelScore == 0)

        func bits(_ wanted: String) async throws -> [UInt32] {
          let loaded = BoringModule()
          try await Trainer.quiet(root: folder)
            .test(loaded, dataModule: BoringData(), checkpointPath: wanted, verbose: false)
          return loaded.bits
        }
        let last = try await bits("last")
        #expect(last == (try await bits(checkpoints + "/epoch=1-step=4.safetensors")))
        // The tests opened new versions, which have no checkpoints.
        #expect(names(in: folder + "/lightning_logs").contains("version_2"))
        let best = try await bits("best")
        #expect(best == (try await bits(checkpoints + "/epoch=0-step=2.safetensors")))
        #expect(best != last)
      }
    }

    @Test func keepsTheNewestAndCopiesTheLast() async throws {
      try await withTemporaryFolder { folder in
        let checkpoint = ModelCheckpoint(fileName: "{epoch}-{val/x}", saveLast: true)
        _ = try await trained(in: folder, callbacks: [checkpoint])
        let found = names(in: folder + "/lightning_logs/version_0/checkpoints")
        #expect(found.count == 2)
        #expect(found[0].hasPrefix("epoch=1-val-x="))
        #expect(found[1] == "last.safetensors")
      }
    }

    @Test func resumingGoesOnInTheRunsFolder() async throws {
      try await withTemporaryFolder { folder in
        _ = try await trained(in: folder)
        let run = folder + "/lightning_logs/version_0"
        let path = run + "/checkpoints/epoch=1-step=4.safetensors"
        try await Trainer.quiet(maxEpochs: 3, root: folder)
          .fit(BoringModule(), dataModule: BoringData(), checkpointPath: path)
        #expect(names(in: folder + "/lightning_logs") == ["version_0"])
        // The checkpoint that a run resumed from stays.
        #expect(
          names(in: run + "/checkpoints")
            == ["epoch=1-step=4.safetensors", "epoch=2-step=6.safetensors"])
        // A checkpoint from elsewhere opens a new folder.
        let elsewhere = folder + "/elsewhere.safetensors"
        try FileManager.default.copyItem(atPath: path, toPath: elsewhere)
        try await Trainer.quiet(maxEpochs: 3, root: folder)
          .fit(BoringModule(), dataModule: BoringData(), checkpointPath: elsewhere)
        #expect(names(in: folder + "/lightning_logs") == ["version_0", "version_1"])
      }
    }

    @Test func errorsSayWhatDoesNotFit() async throws {
      final class Wide: LightningModule<Tensor> {
        let layer = Linear(4, 3)
        let more = Linear(1, 1)
        override func testStep(_ batch: Tensor, batchIndex: Int) throws -> Any? { nil }
      }
      try await withTemporaryFolder { folder in
        _ = try await trained(in: folder)
        let path = folder + "/lightning_logs/version_0/checkpoints/epoch=1-step=4.safetensors"
        func test(_ module: LightningModule<Tensor>, _ path: String, root: String) async -> String {
          await message {
            try await Trainer.quiet(root: root)
              .test(module, dataModule: BoringData(), checkpointPath: path, verbose: false)
          }
        }
        #expect(
          await test(Wide(), path, root: folder)
            == """
            checkpoint '\(path)': the weights do not fit the model:
              layer.weight: found shape [2, 4], expected [3, 4]
              layer.bias: found shape [2], expected [3]
              more.weight: missing
              more.bias: missing
            """)
        #expect(
          await test(BoringModule(), "nowhere.safetensors", root: folder)
            == "checkpoint 'nowhere.safetensors': there is no such file. Check the path; "
            + "'last' is the newest one.")
        let empty = folder + "/empty"
        #expect(
          await test(BoringModule(), "last", root: empty)
            == "checkpoint 'last': no run in '\(empty)/lightning_logs' has a checkpoint. "
            + "Train first, or name a file.")
        let whole = try #require(FileManager.default.contents(atPath: path))
        let cut = folder + "/cut.safetensors"
        try whole.prefix(3000).write(to: URL(fileURLWithPath: cut))
        #expect(
          await test(BoringModule(), cut, root: empty).hasPrefix(
            "\(cut): byte 3000: not a valid safetensors file: the file is cut short"))
        // None of them made a folder.
        #expect(names(in: empty).isEmpty)
        #expect(names(in: folder + "/lightning_logs") == ["version_0"])

        let late = await message {
          try await Trainer.quiet(maxEpochs: 1, root: folder)
            .fit(BoringModule(), dataModule: BoringData(), checkpointPath: path)
        }
        #expect(
          late
            == "checkpoint '\(path)' is at the end of epoch 1, but max_epochs is 1. "
            + "Raise max_epochs to continue.")
      }
    }

    /// Loaders in place of a data module, and weights put into a module by hand.
    @Test func loadersAndWeightsByHand() async throws {
      try await withTemporaryFolder { folder in
        let loader = DataLoader(BoringSet(count: 8), batchSize: 4)
        let module = BoringModule()
        let trainer = Trainer.quiet(root: folder)
        try await trainer.fit(module, trainDataLoader: loader, validationDataLoader: loader)
        #expect(trainer.globalStep == 4)
        let path = folder + "/lightning_logs/version_0/checkpoints/epoch=1-step=4.safetensors"
        let other = BoringModule()
        try other.loadWeights(from: path)
        #expect(other.bits == module.bits)
        let outputs = try await trainer.predict(other, dataLoader: loader)
        let expected = try await trainer.predict(module, dataLoader: loader)
        #expect(outputs.map(\.shape) == [[4, 2], [4, 2]])
        #expect(outputs[1].scalars(as: Float.self) == expected[1].scalars(as: Float.self))
        let metrics = try await trainer.test(other, dataLoader: loader, verbose: false)
        #expect(metrics == [["test/x": 1]])
        let validated = try await trainer.validate(other, dataLoader: loader, verbose: false)
        #expect(validated.map { Array($0.keys) } == [["val/x"]])
      }
    }

    @Test func weightsStandBareAndAllElseUnderAPrefix() async throws {
      try await withTemporaryFolder { folder in
        let module = try await trained(in: folder)
        let path = folder + "/lightning_logs/version_0/checkpoints/epoch=1-step=4.safetensors"
        let file = try SafetensorsFile(path: path)
        let weights = file.entries.filter { !$0.name.hasPrefix("levin.") }
        #expect(weights.map(\.name) == ["layer.weight", "layer.bias"])
        #expect(weights[0].entry.shape == [2, 4])
        let expected = module.layer.weight.value.withUnsafeBytes { Array($0) }
        #expect(weights[0].entry.bytes == expected)
        #expect(file["levin.optimizer.0.0.exp_avg"]?.shape == [2, 4])
        #expect(file["levin.random.default"]?.dtype == "U8")
      }
    }
  }
}

import Foundation
import Levin
import Testing

extension TrainerTests {
  /// The content of a resumed run's folder.
  @Suite struct RunRecordTests {
    final class Model: LightningModule<Tensor>, Configurable {
      struct Hyperparameters: HyperparameterSet {
        var learningRate = 0.05
        var note = "a"
        init() {}
      }
      let hyperparameters: Hyperparameters
      let layer = Linear(4, 2)
      init(_ hyperparameters: Hyperparameters = .init()) { self.hyperparameters = hyperparameters }
      override func configureOptimizers() throws -> any OptimizerConfiguration {
        Adam(layer.parameters, learningRate: hyperparameters.learningRate)
      }
      override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
        let loss = layer(batch).squared().mean()
        log("train/loss", loss)
        return loss
      }
      override func testStep(_ batch: Tensor, batchIndex: Int) throws -> Any? { log("test/x", 1.0) }
    }

    /// Samples with a name, `kind` of them.
    struct Named: Dataset {
      let kind: String
      let count = 8
      var fingerprint: String? { kind }
      func batch(at indices: ArraySlice<Int>) -> Tensor {
        BoringSet(count: count).batch(at: indices)
      }
    }

    final class Data: LightningDataModule<Tensor>, Configurable {
      struct Hyperparameters: HyperparameterSet {
        var kind = "odd"
        var batchSize = 4
        var root = "."
        init() {}
      }
      let hyperparameters: Hyperparameters
      init(_ hyperparameters: Hyperparameters = .init()) { self.hyperparameters = hyperparameters }
      private var loader: DataLoader<Tensor> {
        DataLoader(Named(kind: hyperparameters.kind), batchSize: hyperparameters.batchSize)
      }
      override func trainDataLoader() throws -> DataLoader<Tensor> { loader }
      override func testDataLoader() throws -> DataLoader<Tensor> { loader }
      override var testFingerprint: String? { hyperparameters.kind + " test" }
    }

    private static func trainer(_ root: String, epochs: Int, seed: Int?) -> Trainer {
      let trainer = Trainer.quiet(maxEpochs: epochs, root: root)
      trainer.configurationText = """
        seed_everything: \(seed.map(String.init) ?? "null")
        trainer:
          max_epochs: \(epochs)
        model:
          learning_rate: 0.05

        """
      return trainer
    }

    private static func text(_ path: String) throws -> String {
      String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
    }

    @Test func aRunThatGoesOnKeepsItsBeginning() async throws {
      try await withTemporaryFolder { root in
        let run = root + "/lightning_logs/version_0"
        seedEverything(7)
        try await Self.trainer(root, epochs: 1, seed: 7).fit(Model(), dataModule: Data())
        let first = try #require(RunRecord.read(fromRun: run))
        #expect(first.stretches.count == 1)
        seedEverything(8)
        var options = Model.Hyperparameters()
        (options.learningRate, options.note) = (0.5, "b")
        var data = Data.Hyperparameters()
        data.kind = "even"
        let trainer = Self.trainer(root, epochs: 3, seed: nil)
        try await trainer.fit(Model(options), dataModule: Data(data), checkpointPath: "last")
        #expect(names(in: root + "/lightning_logs") == ["version_0"])

        let record = try #require(RunRecord.read(fromRun: run))
        #expect(record.stretches[0] == first.stretches[0])
        #expect(record.seed == 7 && record.start == first.start && record.command == first.command)
        #expect((record.status, record.epochs, record.steps) == (.finished, 3, 6))
        #expect(record.model == "Model" && record.parameters == 4 * 2 + 2)
        let second = try #require(record.stretches.last)
        #expect(second.seed == 8 && second.stage == .fit && second.status == .finished)
        #expect((second.steps.from, second.steps.to) == (2, 6))
        #expect(second.checkpoint?.path == run + "/checkpoints/epoch=0-step=2.safetensors")
        #expect(second.checkpoint?.run == run)
        #expect(second.options["trainer.max_epochs"] == "3")
        #expect(second.options["model.learning_rate"] == "0.5")
        #expect(second.options["data.kind"] == "even")
        #expect(second.options["data.batch_size"] == nil)
        #expect(
          second.notes == [
            "learning_rate 0.5 is not used: the optimizer keeps the checkpoint's learning rate, 0.05.",
            "Changed from here on: kind even, was odd; note b, was a.",
            "Restored all states from \(run)/checkpoints/epoch=0-step=2.safetensors.",
            "The training data differs from the checkpoint's: its fingerprint is even, was odd.",
            "The test data differs from the checkpoint's: its fingerprint is even test, was odd test.",
          ])
        let lengths = record.stretches.compactMap(\.length)
        #expect(lengths.count == 2 && abs(record.length - (lengths[0] + lengths[1])) < 1e-6)

        // config.yaml reproduces the run; hparams.yaml and the checkpoint have the options that apply.
        let config = try ConfigValue(yaml: Self.text(run + "/config.yaml"), file: "")
        #expect(config["seed_everything"] == .integer(7))
        #expect(config["trainer"]?["max_epochs"] == .integer(3))
        #expect(config["model"]?["learning_rate"] == .float(0.05))
        #expect(config["ckpt_path"] == nil)
        #expect(
          try Self.text(run + "/hparams.yaml")
            == "batch_size: 4\nkind: even\nlearning_rate: 0.05\nnote: b\nroot: .\n")
        let checkpoint = try Checkpoint(path: run + "/checkpoints/epoch=2-step=6.safetensors")
        #expect(
          checkpoint.hyperparameters
            == #"{"batch_size":4,"kind":"even","learning_rate":0.05,"note":"b","root":"."}"#)
      }
    }

    @Test func aSeedThatIsNotUsedIsSaid() async throws {
      try await withTemporaryFolder { root in
        seedEverything(7)
        try await Self.trainer(root, epochs: 1, seed: 7).fit(Model(), dataModule: Data())
        seedEverything(8)
        try await Self.trainer(root, epochs: 2, seed: 8)
          .fit(Model(), dataModule: Data(), checkpointPath: "last")
        let run = root + "/lightning_logs/version_0"
        let record = try #require(RunRecord.read(fromRun: run))
        #expect(
          record.stretches[1].notes.first
            == "seed_everything 8 is not used for the training: its random numbers continue from the checkpoint, "
            + "which began with 7.")
      }
    }

    /// A test names the training that it tests.
    @Test func aTestSaysWhatItTests() async throws {
      try await withTemporaryFolder { root in
        try await Self.trainer(root, epochs: 1, seed: nil).fit(Model(), dataModule: Data())
        var data = Data.Hyperparameters()
        (data.kind, data.batchSize, data.root) = ("even", 2, "/elsewhere")
        try await Self.trainer(root, epochs: 1, seed: nil)
          .test(Model(), dataModule: Data(data), checkpointPath: "best", verbose: false)
        let (trained, tested) = (
          root + "/lightning_logs/version_0", root + "/lightning_logs/version_1"
        )
        let path = trained + "/checkpoints/epoch=0-step=2.safetensors"
        let stretch = try #require(RunRecord.read(fromRun: tested)?.stretches.first)
        #expect(stretch.stage == .test)
        #expect(stretch.checkpoint?.path == path && stretch.checkpoint?.run == trained)
        #expect(
          stretch.notes == [
            "Loaded model weights from \(path).",
            "The model was trained with kind odd, but the data here is kind even.",
            "The test data differs from the checkpoint's: its fingerprint is even, was odd test.",
          ])
        let texts = try Run(directory: tested).texts("levin/checkpoint/text_summary")
        #expect(texts.map(\.value.text) == ["Weights of **version_0**: `\(path)`"])
        let config = try ConfigValue(yaml: Self.text(tested + "/config.yaml"), file: "")
        #expect(config["ckpt_path"] == .string(path))
      }
    }

    /// `last` does not mean a training that died before its first checkpoint, and that is reported.
    @Test func lastPassesOverTrainingsWithoutACheckpoint() async throws {
      try await withTemporaryFolder { root in
        try await Self.trainer(root, epochs: 1, seed: nil).fit(Model(), dataModule: Data())
        try await Trainer.quiet(root: root) { $0.enableCheckpointing = false }
          .fit(Model(), dataModule: Data())
        try await Trainer.quiet(root: root).test(Model(), dataModule: Data(), verbose: false)
        try await Trainer.quiet(root: root)
          .test(Model(), dataModule: Data(), checkpointPath: "last", verbose: false)
        let record = RunRecord.read(fromRun: root + "/lightning_logs/version_3")
        #expect(
          record?.stretches.first?.notes.first
            == "'last' skips version_1, which has no checkpoint.")
      }
    }

    /// run.json in its format from before there were stretches, written by a resumed run.
    @Test func olderRecordsStillRead() async throws {
      try await withTemporaryFolder { root in
        try await Self.trainer(root, epochs: 1, seed: nil).fit(Model(), dataModule: Data())
        let run = root + "/lightning_logs/version_0"
        let old = """
          {"command": ["levin", "fit"], "commit": "abc", "data_hashes": {"training": "odd"},
           "end": "2026-11-24T12:34:15.250Z", "epochs": 1, "host": "h", "instruction_set": "avx2", "pid": 12,
           "resumed_from": "/x/a.safetensors", "seed": 7, "start": "2026-11-24T12:34:12.250Z", "status": "running",
           "steps": 2, "thread_count": 2, "versions": {"levin": "0.1.0"}}
          """
        try Foundation.Data(old.utf8).write(to: URL(fileURLWithPath: run + "/run.json"))
        let found = try #require(RunRecord.read(fromRun: run))
        #expect(found.stretches.count == 1 && found.length == 3 && found.seed == 7)
        #expect(found.stretches[0].checkpoint?.path == "/x/a.safetensors")
        try await Self.trainer(root, epochs: 2, seed: nil)
          .fit(Model(), dataModule: Data(), checkpointPath: "last")
        let record = try #require(RunRecord.read(fromRun: run))
        #expect(record.stretches.map(\.status) == [.died, .finished])
        #expect(record.start == "2026-11-24T12:34:12.250Z" && record.status == .finished)
      }
    }

    /// An epoch is finished after its last batch.
    @Test func epochsAreThoseThatWereFinished() async throws {
      try await withTemporaryFolder { root in
        try await Trainer.quiet(root: root) { $0.maxSteps = 3 }.fit(Model(), dataModule: Data())
        let run = root + "/lightning_logs/version_0"
        #expect(RunRecord.read(fromRun: run)?.epochs == 1)
        try await Trainer.quiet(maxEpochs: 3, root: root)
          .fit(Model(), dataModule: Data(), checkpointPath: "last")
        #expect(RunRecord.read(fromRun: run)?.epochs == 3)
      }
    }

    /// Another run's folder is not written to; the path shows which folder is used instead.
    @Test func aRunThatIsAtWorkIsLeftAlone() async throws {
      try await withTemporaryFolder { root in
        try await Self.trainer(root, epochs: 1, seed: nil).fit(Model(), dataModule: Data())
        let run = root + "/lightning_logs/version_0"
        let descriptor = open(run, O_RDONLY)
        flock(descriptor, LOCK_EX)
        defer { close(descriptor) }
        // A folder means its newest checkpoint.
        try await Self.trainer(root, epochs: 2, seed: nil)
          .fit(Model(), dataModule: Data(), checkpointPath: run)
        #expect(RunRecord.read(fromRun: run)?.stretches.count == 1)
        let record = try #require(RunRecord.read(fromRun: root + "/lightning_logs/version_1"))
        #expect(record.stretches.count == 1)
        #expect(record.stretches[0].checkpoint?.run == run)
        #expect((record.stretches[0].steps.from, record.stretches[0].steps.to) == (2, 4))
      }
    }

    @Test func aFolderThatIsRenamedIsFollowed() async throws {
      final class Mover: Callback {
        let from, to: String
        init(from: String, to: String) { (self.from, self.to) = (from, to) }
        override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
          if trainer.currentEpoch == 1 {
            try FileManager.default.moveItem(atPath: from, toPath: to)
          }
        }
      }
      try await withTemporaryFolder { root in
        let logs = root + "/lightning_logs"
        let mover = Mover(from: logs + "/version_0", to: logs + "/renamed")
        try await Trainer.quiet(root: root, callbacks: [mover]).fit(Model(), dataModule: Data())
        #expect(names(in: logs) == ["renamed"])
        #expect(RunRecord.read(fromRun: logs + "/renamed")?.status == .finished)
        #expect(names(in: logs + "/renamed/checkpoints").contains("epoch=1-step=4.safetensors"))
        #expect(try Run(directory: logs + "/renamed").scalars("train/loss")?.count == 4)
      }
    }

    /// Batches of another size in the middle of an epoch: no sample is trained twice.
    @Test func anotherBatchSizeInMidEpoch() async throws {
      try await withTemporaryFolder { root in
        let checkpoint = ModelCheckpoint(everyNTrainSteps: 1)
        try await Trainer.quiet(root: root, callbacks: [checkpoint]) { $0.maxSteps = 1 }
          .fit(Model(), dataModule: Data())
        var data = Data.Hyperparameters()
        data.batchSize = 2
        let trainer = Trainer.quiet(maxEpochs: 1, root: root)
        try await trainer.fit(Model(), dataModule: Data(data), checkpointPath: "last")
        // One batch of four, then two of two.
        #expect(trainer.globalStep == 3)
        let record = RunRecord.read(fromRun: root + "/lightning_logs/version_0")
        #expect(
          record?.stretches.last?.notes.last
            == "The current epoch continues with batches of 2 instead of 4: 4 of its samples have been trained, "
            + "and batch 2 is next.")
      }
    }
  }
}

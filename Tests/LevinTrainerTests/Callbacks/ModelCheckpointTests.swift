import Foundation
import Levin
import Testing

extension TrainerTests {
  @Suite struct ModelCheckpointTests {
    private func train(
      _ callbacks: [Callback], in folder: String, epochs: Int = 3,
      module: LightningModule<Tensor> = Scored([3, 1, 2]), from path: String? = nil,
      _ change: (inout TrainerConfiguration) -> Void = { _ in }
    ) async throws {
      try await Trainer.quiet(
        maxEpochs: epochs, root: folder, callbacks: callbacks, logger: RecordingLogger(), change
      ).fit(module, dataModule: BoringData(), checkpointPath: path)
    }

    @Test func aLinkToTheNewest() async throws {
      try await withTemporaryFolder { folder in
        try await train([ModelCheckpoint(saveLast: .link)], in: folder)
        let last = folder + "/checkpoints/last.safetensors"
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: last)
        #expect(target == "epoch=2-step=6.safetensors")
        #expect(try Checkpoint(path: last).globalStep == 6)
        // Training goes on from the link, and moves it.
        try await train([ModelCheckpoint(saveLast: .link)], in: folder, epochs: 4, from: last)
        #expect(
          names(in: folder + "/checkpoints") == [
            "epoch=2-step=6.safetensors", "epoch=3-step=8.safetensors", "last.safetensors",
          ])
        #expect(try Checkpoint(path: last).globalStep == 8)
      }
    }

    @Test func filesThatLightningOpens() async throws {
      try await withTemporaryFolder { folder in
        func saving() -> ModelCheckpoint {
          ModelCheckpoint(saveLast: .link) { $0.format = .lightning }
        }
        try await train([saving()], in: folder)
        #expect(names(in: folder + "/checkpoints") == ["epoch=2-step=6.ckpt", "last.ckpt"])
        let bytes = try Data(contentsOf: URL(filePath: folder + "/checkpoints/epoch=2-step=6.ckpt"))
        #expect(bytes.starts(with: "PK".utf8))
        #expect(bytes.range(of: Data("pytorch-lightning_version".utf8)) != nil)
        // The folder stands for the newest file in it.
        try await train([saving()], in: folder, epochs: 4, from: folder + "/checkpoints")
        #expect(try Checkpoint(path: folder + "/checkpoints/last.ckpt").globalStep == 8)
      }
    }

    @Test func versions() async throws {
      try await withTemporaryFolder { folder in
        func saving(_ counts: Bool) -> ModelCheckpoint {
          ModelCheckpoint(directory: folder, fileName: "model", saveLast: true) {
            $0.enableVersionCounter = counts
          }
        }
        try await train([saving(true)], in: folder)
        try await train([saving(true)], in: folder)
        let all = [
          "last-v1.safetensors", "last.safetensors", "model-v1.safetensors", "model.safetensors",
        ]
        #expect(names(in: folder) == all)
        try await train([saving(false)], in: folder)
        #expect(names(in: folder) == all)
      }
    }

    /// The checkpoint of an error is the state before the batch that failed.
    @Test(arguments: [0, 1, 5, 7]) func anErrorSavesTheBatchBefore(step: Int) async throws {
      try await withTemporaryFolder { folder in
        func data() -> BoringData {
          let data = BoringData()
          (data.trainCount, data.shuffles) = (12, true)
          return data
        }
        func fit(
          _ module: DeepModule, _ folder: String, _ callback: Callback, from path: String? = nil
        ) async throws {
          try await Trainer.quiet(maxEpochs: 3, root: folder, callbacks: [callback]) {
            $0.logger = false
          }.fit(module, dataModule: data(), checkpointPath: path)
        }
        seedEverything(5)
        let whole = DeepModule()
        try await fit(whole, folder + "/whole", ModelCheckpoint())

        let saving = ModelCheckpoint(directory: folder + "/saving") { $0.saveOnException = true }
        let catching = OnExceptionCheckpoint(directory: folder + "/catching")
        for callback in [saving, catching] {
          seedEverything(5)
          let module = Failing(atStep: step)
          await #expect(throws: Failing.Failure.self) {
            try await fit(module, folder, callback)
          }
          let name =
            callback === catching
            ? "catching/on_exception" : "saving/epoch=\(step / 3)-step=\(step)"
          let path = "\(folder)/\(name).safetensors"
          seedEverything(99)
          let resumed = DeepModule()
          try await fit(resumed, folder + "/rest", ModelCheckpoint(), from: path)
          #expect(resumed.bits == whole.bits, "\(name)")
        }
        #expect(catching.path == folder + "/catching/on_exception.safetensors")
      }
    }

    /// With steps that never come, the last state is saved at the end, from which a longer training goes on.
    @Test func lastAtTheEnd() async throws {
      try await withTemporaryFolder { folder in
        seedEverything(3)
        let whole = DeepModule()
        try await train([], in: folder + "/whole", epochs: 4, module: whole)
        seedEverything(3)
        let saving = ModelCheckpoint(saveLast: true, everyNTrainSteps: 1000)
        try await train([saving], in: folder, epochs: 2, module: DeepModule())
        #expect(names(in: folder + "/checkpoints") == ["last.safetensors"])
        let resumed = DeepModule()
        try await train(
          [], in: folder, epochs: 4, module: resumed,
          from: folder + "/checkpoints/last.safetensors")
        #expect(resumed.bits == whole.bits)
      }
    }

    @Test func severalKeepTheirStates() async throws {
      func callbacks() -> [ModelCheckpoint] {
        [
          ModelCheckpoint(fileName: "best-{epoch}", monitor: "score"),
          ModelCheckpoint(fileName: "all-{epoch}", saveTopK: -1),
          ModelCheckpoint(fileName: "step-{step}", everyNTrainSteps: 3),
        ]
      }
      try await withTemporaryFolder { folder in
        try await train(callbacks(), in: folder, epochs: 2)
        let resumed = callbacks()
        try await train(
          resumed, in: folder, epochs: 4, from: folder + "/checkpoints/all-epoch=1.safetensors")
        #expect(
          names(in: folder + "/checkpoints") == [
            "all-epoch=0.safetensors", "all-epoch=1.safetensors", "all-epoch=2.safetensors",
            "all-epoch=3.safetensors", "best-epoch=1.safetensors", "step-step=6.safetensors",
          ])
        #expect(resumed[0].bestModelScore == 1)
        #expect(resumed[0].currentScore == 1)
      }
      do {
        try await train([ModelCheckpoint(), ModelCheckpoint(fileName: "x")], in: "/nowhere")
        Issue.record("no error")
      } catch {
        #expect(
          "\(error)"
            == "trainer.callbacks: found two callbacks with the state key ModelCheckpoint{'monitor': None, "
            + "'mode': 'min', 'every_n_train_steps': 0, 'every_n_epochs': 1, 'train_time_interval': None}; "
            + "expected callbacks whose options differ, or a stateKey of your own for each")
      }
    }

    @Test func whatNamesSay() async throws {
      try await withTemporaryFolder { folder in
        let saving = ModelCheckpoint(
          fileName: "a{epoch:03d}_{step:d}_{score:.1e}_{score}_{score:6.2f}_{none:.3g}",
          monitor: "score")
        try await train([saving], in: folder, epochs: 1, module: Scored([0.123456]))
        #expect(
          names(in: folder + "/checkpoints") == [
            "aepoch=000_step=2_score=1.2e-01_score=0.1235_score=  0.12_none=0.safetensors"
          ])
      }
    }

    @Test(arguments: [
      (
        "{epoch",
        "filename: found '{' without '}' in '{epoch'; expected a name such as {epoch}-{val/acc:.2f}"
      ),
      (
        "{a:x}",
        "filename: found the format 'x' in '{a:x}'; expected one such as 02d, .3f, .2e or .4g"
      ),
      (
        "{a:.2d}",
        "filename: found the format '.2d' in '{a:.2d}'; expected one such as 02d, .3f, .2e or .4g"
      ),
      (
        "{a:}", "filename: found the format '' in '{a:}'; expected one such as 02d, .3f, .2e or .4g"
      ),
      (
        "{a:%n}",
        "filename: found the format '%n' in '{a:%n}'; expected one such as 02d, .3f, .2e or .4g"
      ),
    ]) func wrongNames(name: String, text: String) {
      #expect(problem { $0.fileName = name } == text)
    }

    @Test func wrongOptions() {
      #expect(
        problem { $0.saveTopK = 2 }
          == "save_top_k: found 2 without a monitor; expected -1, 0 or 1, or a monitor that decides which are best"
      )
      #expect(
        problem { ($0.everyNTrainSteps, $0.trainTimeInterval) = (1, TimeLimit(hours: 1)) }
          == "found several of every_n_train_steps, train_time_interval and every_n_epochs; expected one: use a "
          + "ModelCheckpoint for each")
      #expect(problem { $0.saveTopK = -2 } == "save_top_k: found -2; expected -1 or more")
      #expect(problem { $0.everyNEpochs = 0 } == nil)
    }

    private func problem(_ change: (inout ModelCheckpoint.Options) -> Void) -> String? {
      do {
        try ModelCheckpoint.Options(change).validate()
        return nil
      } catch { return "\(error)" }
    }

    /// As a configuration file writes them.
    @Test func optionsAreRead() throws {
      var tree = ConfigValue(encoding: ModelCheckpoint.Options())
      #expect(
        tree.members.map(\.key).sorted() == [
          "auto_insert_metric_name", "dirpath", "enable_version_counter", "every_n_epochs",
          "every_n_train_steps", "filename", "format", "mode", "monitor", "save_last",
          "save_on_exception",
          "save_on_train_epoch_end", "save_top_k", "save_weights_only", "train_time_interval",
          "verbose",
        ])
      #expect(Set(tree.members.map(\.key)) == Set(ModelCheckpoint.Options.help.keys))
      tree["save_last"] = .string("link")
      tree["mode"] = .string("max")
      tree["train_time_interval"] = .string("00:01:00:00")
      let options = try ModelCheckpoint.Options(decoding: tree)
      #expect(options.saveLast == .link && options.mode == .max)
      #expect(options.trainTimeInterval == TimeLimit(hours: 1))
      tree["save_last"] = .bool(true)
      #expect(try ModelCheckpoint.Options(decoding: tree).saveLast == .copy)
    }
  }
}

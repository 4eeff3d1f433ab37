import Foundation
import Levin
import Testing

extension TrainerTests {
  @Suite struct LoggerCollectionTests {
    /// A logger of one's own takes two methods.
    final class Lines: Logger {
      var lines: [String] = []
      func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) {
        lines.append("\(step): " + metrics.map(\.name).joined(separator: " "))
      }
      func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) {
        lines.append("width \(hyperparameters["width"] ?? .null), settings \(settings)")
      }
    }

    final class Module: BoringModule, Configurable {
      struct Hyperparameters: HyperparameterSet {
        var width = 4
        var folder = "here"
        static var settings: Set<String> { ["folder"] }
      }
      let hyperparameters: Hyperparameters
      required init(_ hyperparameters: Hyperparameters = .init()) {
        self.hyperparameters = hyperparameters
      }
      override var exampleInput: Tensor? { Tensor.ones([1, 4]) }
      override func onTrainEpochEnd() throws {
        logger.addText("note", "hello", step: currentEpoch)
        logger.addImage("picture", Tensor.ones([1, 2, 3]), step: currentEpoch)
        logger.addFigure("figure", Figure(.lines([.init("", [1, 2])])), step: currentEpoch)
        logger.addScalar("own", 0.5, step: 7)
      }
    }

    @Test func everyLoggerGetsEverything() async throws {
      try await withTemporaryFolder { folder in
        let (dictionary, lines) = (DictionaryLogger(), Lines())
        let loggers: [any Logger] = [
          dictionary, TensorBoardLogger(saveDir: folder), CSVLogger(), lines,
        ]
        let trainer = Trainer(
          maxEpochs: 1, logEveryNSteps: 1, defaultRootDir: folder, loggers: loggers
        ) {
          $0.enableProgressBar = false
          $0.enableModelSummary = false
        }
        try await trainer.fit(Module(), dataModule: BoringData())
        #expect(trainer.loggers.count == 4)
        // The first logger with a folder names the run's; the second one shares it.
        let run = folder + "/lightning_logs/version_0"
        #expect(trainer.runDirectory == run)
        let found = Set(names(in: run))
        #expect(found.isSuperset(of: ["checkpoints", "hparams.yaml", "metrics.csv", "run.json"]))
        #expect(found.contains { $0.contains("tfevents") })
        #expect(names(in: folder + "/lightning_logs") == ["version_0"])

        #expect(dictionary.steps(of: "train/loss") == [0, 1])
        #expect(dictionary["val/x"].count == 1)
        #expect(dictionary["own"] == [0.5])
        #expect(dictionary.texts["note"]?.map(\.text) == ["hello"])
        #expect(dictionary.images["picture"]?.map(\.image.pixels.count) == [6])
        #expect(dictionary.images["figure"]?.map(\.image.width) == [640])
        #expect(dictionary.graph?.nodes.count == 5)
        #expect(dictionary.endings == [.finished])
        #expect(dictionary.hyperparameters["width"] == .integer(4))
        #expect(dictionary.settings == ["folder"])
        #expect(
          lines.lines == [
            "width integer(4), settings [\"folder\"]", "0: train/loss epoch", "1: train/loss epoch",
            "1: val/x epoch", "7: own",
          ])
        // TensorBoard and the file have the same numbers.
        let csv = try String(contentsOfFile: run + "/metrics.csv", encoding: .utf8)
        let losses = try Run(directory: run).scalars("train/loss")?.values
        #expect(losses == dictionary["train/loss"])
        #expect(losses?.allSatisfy { csv.contains(",\($0),") } == true)
        #expect(csv.hasPrefix("epoch,own,step,train/loss,val/x\r\n"))
      }
    }

    @Test func anErrorOfALoggerEndsTheRun() async throws {
      struct Full: Error {}
      final class Failing: Logger {
        func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) throws {
          if step > 0 { throw Full() }
        }
        func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) {}
      }
      let rest = DictionaryLogger()
      let trainer = Trainer(maxEpochs: 3, logEveryNSteps: 1, loggers: [Failing(), rest]) {
        $0.enableProgressBar = false
        $0.enableModelSummary = false
        $0.enableCheckpointing = false
      }
      await #expect(throws: Full.self) {
        try await trainer.fit(BoringModule(), dataModule: BoringData())
      }
      // The others still got the values of that step, and no epoch followed.
      #expect(rest.steps(of: "train/loss") == [0, 1])
    }

    @Test func optionsOfTheTensorBoardLogger() async throws {
      try await withTemporaryFolder { folder in
        let logger = TensorBoardLogger(
          saveDir: folder, name: "", version: "try", logGraph: false, prefix: "a", subDir: "events")
        let trainer = Trainer.quiet(maxEpochs: 1, root: folder, logger: logger)
        try await trainer.fit(Module(), dataModule: BoringData())
        #expect(logger.logDirectory == folder + "/try/events")
        #expect(trainer.runDirectory == folder + "/try")
        #expect(trainer.version == nil)
        #expect(
          Set(names(in: folder + "/try")) == ["checkpoints", "events", "hparams.yaml", "run.json"])
        let run = try Run(directory: folder + "/try/events")
        #expect(run.tags.contains { $0.name == "a-train/loss" })
        #expect(!run.tags.contains { $0.name == "train/loss" })
        #expect(try run.graph() == nil)
        let numbered = TensorBoardLogger(saveDir: folder, version: 7)
        try await Trainer.quiet(maxEpochs: 1, root: folder, logger: numbered)
          .fit(Module(), dataModule: BoringData())
        #expect(names(in: folder + "/lightning_logs") == ["version_7"])
      }
    }

    @Test func pathsMayNameTheHomeFolderAndVariables() {
      let home = ProcessInfo.processInfo.environment["HOME"] ?? ""
      #expect(RunFolder(saveDir: "~/runs", name: "").parent == home + "/runs")
      #expect(RunFolder(saveDir: "$HOME/a", name: "b").parent == home + "/a/b")
      #expect(RunFolder(saveDir: "${HOME}", name: "").parent == home)
      #expect(RunFolder(saveDir: "~x/$NOTHING_SUCH", name: "").parent == "~x/$NOTHING_SUCH")
    }

    @Test func theEpochMayBeTheXAxis() async throws {
      final class Both: BoringModule {
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          let loss = layer(batch).squared().mean()
          log("train/loss", loss, onStep: true, onEpoch: true)
          return loss
        }
      }
      let logger = DictionaryLogger()
      let trainer = Trainer.quiet(maxEpochs: 3, logger: logger) { $0.xAxis = .epoch }
      let module = Both()
      try await trainer.fit(module, dataModule: BoringData())
      #expect(logger.steps(of: "train/loss_step") == [0, 1, 2, 3, 4, 5])
      #expect(logger.steps(of: "train/loss_epoch") == [0, 1, 2])
      #expect(logger.steps(of: "val/x") == [0, 1, 2])
      try await trainer.test(module, dataModule: BoringData(), verbose: false)
      #expect(logger.steps(of: "test/x") == [3])
    }
  }
}

import Foundation
import Levin
import Testing

extension TrainerTests {
  /// The callbacks for what people write by hand.
  @Suite struct HandwrittenCallbackTests {
    /// A classifier of points by the sign of their first number; the loss of one batch is NaN.
    final class Classifier: LightningModule<TensorPair> {
      let model = Sequential(Linear(2, 3), Tanh(), Linear(3, 2))
      var bad: Set<Int> = []
      var weights: [[Float]] = []

      override func configureOptimizers() -> any OptimizerConfiguration {
        SGD(parameters, learningRate: 0.5)
      }
      override func trainingStep(_ batch: TensorPair, batchIndex: Int) -> Tensor? {
        let loss = model(batch.inputs).crossEntropy(batch.targets)
        log("train/loss", loss)
        return bad.contains(batchStep) ? loss * (loss - loss.detached()).sqrt().log() * 0 : loss
      }
      override func validationStep(_ batch: TensorPair, batchIndex: Int) -> Any? {
        log("val/loss", model(batch.inputs).crossEntropy(batch.targets))
      }
      override func testStep(_ batch: TensorPair, batchIndex: Int) -> Any? { model(batch.inputs) }
      override func onTrainBatchEnd(
        _ loss: Tensor?, _ batch: TensorPair, batchIndex: Int
      ) throws {
        weights.append(model.parameters[0].value.scalars(as: Float.self))
      }
    }

    private static func loader(_ count: Int = 16) -> DataLoader<TensorPair> {
      let x = (0..<count).flatMap { [Float($0 % 5) - 2.5, Float($0 % 3)] }
      let y = (0..<count).map { Int64($0 % 5 < 3 ? 0 : 1) }
      return DataLoader(
        TensorDataset(Tensor(x, shape: [count, 2]), Tensor(y, shape: [count])), batchSize: 4)
    }

    private func trained(
      _ callbacks: [Callback], logger: any Logger = DictionaryLogger(), epochs: Int = 1,
      bad: Set<Int> = [], folder: String? = nil, from path: String? = nil
    ) async throws -> (Classifier, Trainer) {
      seedEverything(3)
      let module = Classifier()
      module.bad = bad
      let trainer = Trainer.quiet(
        maxEpochs: epochs, root: folder, callbacks: callbacks, logger: logger)
      try await trainer.fit(
        module, trainDataLoader: Self.loader(), validationDataLoader: Self.loader(),
        checkpointPath: path)
      return (module, trainer)
    }

    // MARK: NaNGuard

    @Test func aGuardStopsBeforeTheWeightsAreLost() async throws {
      let (module, trainer) = try await trained([NaNGuard()], epochs: 3, bad: [2])
      #expect(trainer.batchStep == 3)
      #expect(trainer.stoppingReason == "the loss is nan at epoch 0, batch 2")
      #expect(module.weights.joined().allSatisfy { $0.isFinite })
      let (lost, _) = try await trained([], epochs: 1, bad: [2])
      #expect(lost.weights.last?.allSatisfy { !$0.isFinite } == true)
    }

    @Test func aGuardSkipsTheStep() async throws {
      let guarding = NaNGuard(.skip)
      let (module, trainer) = try await trained([guarding], bad: [1])
      #expect(trainer.batchStep == 4)
      #expect(guarding.count == 1)
      #expect(module.weights[1] == module.weights[0])
      #expect(module.weights[2] != module.weights[1])
      #expect(module.weights.joined().allSatisfy { $0.isFinite })
      // A training that gives nothing else ends.
      let patient = NaNGuard(.skip, patience: 3)
      let (_, ended) = try await trained([patient], epochs: 5, bad: Set(0..<100))
      #expect(ended.batchStep == 3)
      #expect(
        ended.stoppingReason
          == "the loss is nan at epoch 0, batch 2, and 3 steps in a row were left out")
    }

    @Test func aGuardSaysWhereItBegan() async throws {
      try await withTemporaryFolder { folder in
        let logger = TensorBoardLogger(saveDir: folder)
        _ = try await trained([NaNGuard(.goOn)], logger: logger, bad: [1])
        let run = folder + "/lightning_logs/version_0"
        let notes = try String(contentsOfFile: run + "/run.json", encoding: .utf8)
        #expect(notes.contains("NaNGuard: the loss is nan at epoch 0, batch 1."))
        #expect(notes.contains("The training goes on."))
        #expect(notes.contains("*"))  // the operation: 0 · −∞
      }
    }

    @Test func aGuardsCountSurvivesAResume() async throws {
      try await withTemporaryFolder { folder in
        func run(from path: String? = nil) async throws -> (NaNGuard, Classifier) {
          let guarding = NaNGuard(.skip)
          let (module, _) = try await trained(
            [guarding, ModelCheckpoint(saveTopK: -1, everyNTrainSteps: 3)],
            logger: TensorBoardLogger(saveDir: folder), epochs: 2, bad: [1, 5], folder: folder,
            from: path)
          return (guarding, module)
        }
        let (whole, wholeModule) = try await run()
        let (rest, restModule) = try await run(
          from: folder + "/lightning_logs/version_0/checkpoints/epoch=0-step=3.safetensors")
        #expect(whole.count == 2)
        #expect(rest.count == 2)
        #expect(wholeModule.weights.last == restModule.weights.last)
        #expect(restModule.weights.count == 5)
      }
    }

    // MARK: Norms and histograms

    @Test func normsOfGradients() async throws {
      final class Reading: Callback {
        var squares: [[Double]] = []
        override func onBeforeOptimizerStep(
          _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
        ) {
          squares.append(
            module.parameters.map { parameter in
              let values = parameter.gradient?.to(.float64).scalars(as: Double.self) ?? []
              return values.reduce(0) { $0 + $1 * $1 }
            })
        }
      }
      let (logger, reading) = (DictionaryLogger(), Reading())
      let (module, _) = try await trained([GradientNorms(), reading], logger: logger)
      let totals = logger["grad_2.0_norm_total"]
      #expect(totals.count == 4)
      for (total, squares) in zip(totals, reading.squares) {
        #expect(abs(total - squares.reduce(0, +).squareRoot()) < 1e-6)
      }
      for (index, name) in module.namedParameters.map(\.name).enumerated() {
        let found = logger["grad_2.0_norm/\(name)"]
        #expect(found.count == 4)
        for (norm, squares) in zip(found, reading.squares) {
          #expect(abs(norm - squares[index].squareRoot()) < 1e-6)
        }
      }
    }

    @Test func histogramsOfWeightsAndGradients() async throws {
      try await withTemporaryFolder { folder in
        let logger = TensorBoardLogger(saveDir: folder)
        let (module, _) = try await trained(
          [WeightHistograms(everyNEpochs: 2)], logger: logger, epochs: 4)
        let run = try Run(directory: folder + "/lightning_logs/version_0")
        for name in module.namedParameters.map(\.name) {
          for kind in ["weights", "gradients"] {
            let found = try run.histograms("\(kind)/\(name)")
            #expect(found.map(\.step) == [0, 2])
          }
        }
        let weight = try #require(try run.histograms("weights/model.0.weight").last?.value)
        #expect(weight.count == 6)
      }
    }

    // MARK: Predictions

    @Test func aConfusionMatrixAnEpoch() async throws {
      let logger = DictionaryLogger()
      let (module, trainer) = try await trained(
        [ConfusionMatrixLogger(classes: ["low", "high"])], logger: logger, epochs: 3)
      let pictures = try #require(logger.images["val/confusion_matrix"])
      #expect(pictures.map(\.step) == [0, 1, 2])
      // The last picture is that of the counts of a loop.
      var counts = [[0.0, 0], [0, 0]]
      for batch in Self.loader() {
        let scores = module.model(batch.inputs).scalars(as: Float.self)
        for (row, target) in batch.targets.scalars(as: Int64.self).enumerated() {
          counts[Int(target)][scores[2 * row + 1] > scores[2 * row] ? 1 : 0] += 1
        }
      }
      let expected = Figure(
        matrix: counts, rows: ["low", "high"], columns: ["low", "high"],
        title: "Confusion matrix, epoch 2", xLabel: "Predicted class", yLabel: "True class")
      #expect(pictures.last?.image == expected.image)
      try await trainer.test(module, dataLoader: Self.loader(), verbose: false)
      #expect(logger.images["test/confusion_matrix"]?.map(\.step) == [3])
    }

    @Test func aBatchThatCannotBeReadIsAnError() async throws {
      let trainer = Trainer.quiet(
        callbacks: [ConfusionMatrixLogger(classCount: 2)], logger: DictionaryLogger()
      ) { $0.numSanityValSteps = 0 }
      let error = await #expect(throws: TrainerError.self) {
        try await trainer.fit(BoringModule(), dataModule: BoringData())
      }
      #expect(
        error?.description
          == "trainer.callbacks.ConfusionMatrixLogger: found a batch of type Tensor; expected a pair of tensors, "
          + "inputs and targets, or a PredictionReader(batch:) that reads it")
    }

    @Test func samplesAsATable() async throws {
      let logger = DictionaryLogger()
      let (module, trainer) = try await trained(
        [PredictionTableLogger(classes: ["low", "high"], count: 3)], logger: logger, epochs: 2)
      let tables = try #require(logger.texts["val/samples"])
      #expect(tables.map(\.step) == [0, 1])
      let batch = try #require(Self.loader().makeIterator().next())
      let scores = module.model(batch.inputs).scalars(as: Float.self).map(Double.init)
      var lines = ["| sample | target | prediction | probability |", "| ---: | --- | --- | ---: |"]
      for row in 0..<3 {
        let target = batch.targets.scalars(as: Int64.self)[row] == 1 ? "high" : "low"
        let (a, b) = (exp(scores[2 * row]), exp(scores[2 * row + 1]))
        let best = b > a ? "high" : "low"
        let share = String(format: "%.3f", max(a, b) / (a + b))
        lines.append("| \(row) | \(target) | \(best == target ? best : "**\(best)**") | \(share) |")
      }
      #expect(tables.last?.text == lines.joined(separator: "\n"))
      try await trainer.test(module, dataLoader: Self.loader(), verbose: false)
      #expect(logger.texts["test/samples"]?.map(\.step) == [2])
    }

    @Test func imagesWithPredictions() async throws {
      final class Images: LightningModule<LabeledImages> {
        let model = Sequential(Flatten(), Linear(16, 10))
        override func configureOptimizers() -> any OptimizerConfiguration {
          SGD(parameters, learningRate: 0.1)
        }
        override func trainingStep(_ batch: LabeledImages, batchIndex: Int) -> Tensor? {
          model(batch.images).crossEntropy(batch.labels)
        }
        override func validationStep(_ batch: LabeledImages, batchIndex: Int) -> Any? {
          model(batch.images)
        }
      }
      let logger = DictionaryLogger()
      seedEverything(1)
      let batch: LabeledImages = (
        Tensor.rand([5, 1, 4, 4]), Tensor([0, 1, 2, 3, 4] as [Int64])
      )
      let loader = SequenceLoader { repeatElement(batch, count: 2) }
      let module = Images()
      let trainer = Trainer.quiet(
        maxEpochs: 2, callbacks: [ImagePredictionLogger(count: 3)], logger: logger)
      try await trainer.fit(module, trainDataLoader: loader, validationDataLoader: loader)
      for stage in ["train", "val"] {
        #expect(logger.images["\(stage)/inputs"]?.map(\.step) == [0, 1])
        #expect(
          logger.texts["\(stage)/targets"]?.map(\.text) == [
            "tensor([0, 1, 2, 3, 4])", "tensor([0, 1, 2, 3, 4])",
          ])
      }
      // What the tutorial's module logs by hand.
      let classes = "\(module.model(batch.images).argmax(dimension: 1))"
      #expect(logger.texts["val/preds"]?.last?.text == classes)
      #expect(logger.images["val/inputs"]?.last?.image == PixelImage(makeGrid(batch.images)))
      // Three cells of an enlarged picture and its caption.
      let picture = try #require(logger.images["val/predictions"]?.last?.image)
      #expect(picture.width == 248)
      #expect(picture.height == 106)
      let isRed = stride(from: 0, to: picture.pixels.count, by: 3).contains { place in
        picture.pixels[place] > 150 && picture.pixels[place + 1] < 60
      }
      let wrong = zip(
        module.model(batch.images).argmax(dimension: 1).scalars(as: Int64.self),
        [0, 1, 2] as [Int64]
      ).contains { $0 != $1 }
      #expect(isRed == wrong)
    }
  }
}

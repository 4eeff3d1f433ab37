import Foundation
import Levin
import Testing

extension TrainerTests {
  /// Running statistics: only training moves them, and checkpoints hold them.
  @Suite struct BufferTests {
    final class Normalized: BoringModule {
      let model = Sequential(
        Conv2d(1, 3, kernelSize: 2, padding: 1), BatchNorm2d(3), ReLU(), Dropout(0.25),
        Flatten(), Linear(27, 2))

      private func output(_ batch: Tensor) -> Tensor { model(batch.reshaped(to: [-1, 1, 2, 2])) }

      override func configureOptimizers() throws -> any OptimizerConfiguration {
        Adam(model.parameters, learningRate: 0.05)
      }
      override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
        let loss = output(batch).squared().mean()
        log("train/loss", loss)
        return loss
      }
      override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
        log("val/x", output(batch).mean())
      }

      var state: [String: [Double]] {
        Dictionary(
          uniqueKeysWithValues: stateDictionary.map {
            ($0.name, $0.tensor.to(.float64).scalars(as: Double.self))
          })
      }
    }

    @Test func goOnToTheBit() async throws {
      try await withTemporaryFolder { folder in
        seedEverything(7)
        let whole = Normalized()
        try await Trainer.quiet(maxEpochs: 4, root: folder + "/whole", logger: RecordingLogger())
          .fit(whole, dataModule: ResumeTests.data())
        // Four epochs of five batches, and no batch of a validation.
        #expect(whole.state["model.1.num_batches_tracked"] == [20])
        #expect(whole.state["model.1.running_mean"]?.contains(0) == false)

        seedEverything(7)
        try await Trainer.quiet(maxEpochs: 2, root: folder, logger: RecordingLogger())
          .fit(Normalized(), dataModule: ResumeTests.data())
        let path = folder + "/checkpoints/epoch=1-step=10.safetensors"
        seedEverything(99)
        let resumed = Normalized()
        try await Trainer.quiet(maxEpochs: 4, root: folder, logger: RecordingLogger())
          .fit(resumed, dataModule: ResumeTests.data(), checkpointPath: path)
        #expect(resumed.state == whole.state)

        let loaded = Normalized()
        try loaded.loadWeights(from: path)
        #expect(loaded.state["model.1.num_batches_tracked"] == [10])
      }
    }
  }
}

import Levin
import Testing

extension TrainerTests {
  /// Lightning's detect_anomaly.
  @Suite struct AnomalyDetectionTests {
    private final class Root: Layer {
      override func forward(_ input: Tensor) -> Tensor { (input - input).sqrt() }
    }

    /// From the second batch on the slope of a root at 0 is computed and multiplied by 0.
    private final class Steep: BoringModule {
      let head = Sequential(Linear(2, 2), Root())
      override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
        let output = layer(batch)
        return batchIndex == 0 ? output.mean() : (head(output) * 0).mean()
      }
      override func configureOptimizers() throws -> any OptimizerConfiguration { Adam(parameters) }
    }

    private func fit(_ module: Steep, detects: Bool) async throws -> Trainer {
      let data = BoringData()
      (data.trainCount, data.validationCount) = (12, 4)
      let trainer = Trainer.quiet(maxEpochs: 1) { $0.detectAnomaly = detects }
      try await trainer.fit(module, dataModule: data)
      return trainer
    }

    @Test func theFirstNaNEndsTheTraining() async throws {
      let module = Steep()
      let before = module.bits
      let error = await #expect(throws: TrainerError.self) {
        _ = try await fit(module, detects: true)
      }
      #expect(
        error?.description
          == "epoch 0, batch 1: the gradient of sqrt() in Root \"head.1\": found NaN in the gradient "
          + "[4, 2] float32, computed from [4, 2] float32; expected numbers; look for 0/0, √0, log 0 or "
          + "∞ − ∞ in its derivative")
      // The step of the first batch was made, that of the second was not.
      let after = module.parameters.flatMap { $0.value.scalars(as: Float.self) }
      #expect(!after.contains { $0.isNaN })
      #expect(module.bits != before)
    }

    @Test func withoutItTheTrainingGoesOn() async throws {
      let module = Steep()
      let trainer = try await fit(module, detects: false)
      #expect(trainer.globalStep == 3)
      #expect(module.parameters.contains { $0.value.isNaN().any().item() == 1 })
    }
  }
}

import Levin
import Testing

extension TrainerTests {
  /// A training with a callback that stops and resumes ends with the same bits, and the same state of the callback, as one
  /// that did not stop.
  @Suite struct CallbackResumeTests {
    static let makers: [String: @Sendable () -> Callback] = [
      "StochasticWeightAveraging": {
        StochasticWeightAveraging(rates: [0.01], epochStart: 2, annealingEpochs: 2)
      },
      "WeightAveraging": { WeightAveraging() },
      "WeightAveraging, two batches a step": { WeightAveraging() },
      "EMAWeightAveraging": { EMAWeightAveraging(decay: 0.9) { $0.updateEveryNSteps = 2 } },
      "GradientAccumulationScheduler": {
        GradientAccumulationScheduler(scheduling: [0: 1, 1: 5, 3: 1])
      },
      "BackboneFinetuning": { BackboneFinetuning(unfreezeAtEpoch: 1) },
      "EarlyStopping": { EarlyStopping(monitor: "val/loss", patience: 3, mode: .max) },
      // A window longer than what is left after the resume.
      "SpikeDetection": { SpikeDetection { ($0.rtol, $0.window) = (1e9, 20) } },
      "ModelCheckpoint": {
        ModelCheckpoint(monitor: "val/loss", saveTopK: 2, saveLast: .link)
      },
    ]

    private func data() -> BoringData {
      let data = BoringData()
      // 5 batches an epoch, shuffled, so that the order of the samples shows in the weights.
      (data.trainCount, data.shuffles) = (20, true)
      return data
    }

    /// Trains from a checkpoint, or from the beginning up to a step.
    private func train(
      _ name: String, in folder: String, upTo steps: Int = -1, from path: String? = nil
    ) async throws -> (bits: [UInt64], state: String?, logger: RecordingLogger) {
      seedEverything(path == nil ? 7 : 99)
      let maker = try #require(Self.makers[name])
      let (module, callback, logger) = (DeepModule(), maker(), RecordingLogger())
      let saving = ModelCheckpoint(
        directory: folder + "/steps", fileName: "{step}", saveTopK: -1, everyNTrainSteps: 1)
      try await Trainer.quiet(
        maxEpochs: 5, root: folder, callbacks: [callback, saving], logger: logger
      ) {
        $0.maxSteps = steps
        if name.hasSuffix("two batches a step") { $0.accumulateGradBatches = 2 }
      }.fit(module, dataModule: data(), checkpointPath: path)
      return (module.bits, try callback.state(), logger)
    }

    @Test(arguments: TrainerTests.CallbackResumeTests.makers.keys.sorted(), [3, 7, 10, 13])
    func goesOnToTheBit(name: String, step: Int) async throws {
      try await withTemporaryFolder { folder in
        let whole = try await train(name, in: folder + "/whole")
        let folder = folder + "/part"
        _ = try await train(name, in: folder, upTo: step)
        let path = folder + "/steps/step=\(step).safetensors"
        let resumed = try await train(name, in: folder, from: path)
        #expect(resumed.bits == whole.bits)
        func losses(_ logger: RecordingLogger) -> [RecordingLogger.Point] {
          logger.points.filter { $0.name == "train/loss" && $0.step >= step }
        }
        #expect(losses(resumed.logger) == losses(whole.logger))
        // Two have no state of their own.
        #expect(
          (whole.state == nil)
            == ["StochasticWeightAveraging", "GradientAccumulationScheduler"].contains(name))
        // The paths of checkpoints are in other folders.
        if name != "ModelCheckpoint" { #expect(resumed.state == whole.state) }
      }
    }
  }
}

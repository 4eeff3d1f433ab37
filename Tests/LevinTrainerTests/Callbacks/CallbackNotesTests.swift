import Foundation
import Levin
import Testing

extension TrainerTests {
  /// The lines that callbacks print.
  @Suite struct CallbackNotesTests {
    @Test func whatCallbacksDidIsSaid() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
      ) {
        /// Logs one of these values an epoch.
        final class Scored: BoringModule {
          let scores = [0.5, 0.25, 0.75, 0.125, 0.25, .nan]
          override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
            log("v", scores[min(trainer?.currentEpoch ?? 0, scores.count - 1)])
          }
        }
        @Sendable func fitAll() async throws {
          func fit(epochs: Int = 6, _ callback: Callback) async throws {
            try await Trainer.quiet(maxEpochs: epochs, callbacks: [callback])
              .fit(Scored(), dataModule: BoringData())
          }
          try await fit(
            ModelCheckpoint(directory: "best", monitor: "v", saveTopK: 2) { $0.verbose = true })
          try await fit(
            epochs: 2, ModelCheckpoint(directory: "new") { $0.verbose = true })
          try await fit(EarlyStopping(monitor: "v", patience: 1) { $0.verbose = true })
          try await fit(EarlyStopping(monitor: "v", patience: 9) { $0.stoppingThreshold = 0.2 })
          try await fit(EarlyStopping(monitor: "v", patience: 9) { $0.divergenceThreshold = 0.7 })
          try await fit(epochs: 9, EarlyStopping(monitor: "v", patience: 9))
          try await fit(TrainingTimer(duration: TimeLimit(seconds: 0), interval: .epoch))
        }
        await Program.run {
          try await withTemporaryFolder { folder in
            _ = FileManager.default.changeCurrentDirectoryPath(folder)
            try await fitAll()
          }
        }
      }
      let output = String(
        decoding: try #require(result).standardOutputContent, as: UTF8.self)
      #expect(
        output == """
          Epoch 0, step 2: v reached 0.5 (best 0.5), saved best/epoch=0-step=2.safetensors as one of \
          the best 2.
          Epoch 1, step 4: v reached 0.25 (best 0.25), saved best/epoch=1-step=4.safetensors as one \
          of the best 2.
          Epoch 2, step 6: v is not among the best 2.
          Epoch 3, step 8: v reached 0.125 (best 0.125), saved best/epoch=3-step=8.safetensors as one \
          of the best 2.
          Epoch 4, step 10: v is not among the best 2.
          Epoch 5, step 12: v is not among the best 2.
          Epoch 0, step 2: saved new/epoch=0-step=2.safetensors.
          Epoch 1, step 4: saved new/epoch=1-step=4.safetensors.
          v improved to 0.5.
          v improved by 0.25 to 0.25.
          Stopped after epoch 2: v has not improved for 1 check.
          Stopped after epoch 3: v reached 0.2.
          Stopped after epoch 2: v is worse than 0.7.
          Stopped after epoch 5: v is nan.
          Nothing trained: the time of 00:00:00:00 is over.

          """)
    }

    /// The summary is printed before a training, and only its depth 0 prints none.
    @Test func theSummaryIsPrinted() async throws {
      let result = await #expect(
        processExitsWith: .exitCode(0), observing: [\.standardOutputContent]
      ) {
        await Program.run {
          for depth in [1, 0] {
            let trainer = Trainer.quiet(
              maxEpochs: 1, callbacks: [ModelSummary(maxDepth: depth)], logger: DictionaryLogger())
            try await trainer.fit(BoringModule(), dataModule: BoringData())
          }
        }
      }
      let output = String(
        decoding: try #require(result).standardOutputContent, as: UTF8.self)
      #expect(output == ModelSummary.text(of: BoringModule()) + "\n")
    }
  }
}

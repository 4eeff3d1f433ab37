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
          try await fit(EarlyStopping(monitor: "v", patience: 9))
          try await fit(TrainingTimer(duration: TimeLimit(seconds: 0), interval: .epoch))
        }
        await Program.run {
          try await withTemporaryFolder { folder in
            FileManager.default.changeCurrentDirectoryPath(folder)
            try await fitAll()
          }
        }
      }
      let output = String(
        decoding: try #require(result).standardOutputContent, as: UTF8.self)
      #expect(output == "")
    }
  }
}

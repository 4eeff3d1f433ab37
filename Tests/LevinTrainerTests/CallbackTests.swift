import Levin
import Testing

extension TrainerTests {
  @Suite struct CallbackTests {
    /// Where Lightning has points: with 6 batches per epoch, at the start of each epoch and by the rule of steps.
    @Test func learningRates() async throws {
      let data = BoringData()
      data.trainCount = 24
      func steps(_ interval: LearningRateMonitor.Interval?) async throws -> [Int] {
        let logger = RecordingLogger()
        let monitor = LearningRateMonitor(interval: interval)
        let trainer = Trainer.quiet(callbacks: [monitor], logger: logger) { $0.logEveryNSteps = 3 }
        try await trainer.fit(BoringModule(), dataModule: data)
        #expect(Set(logger.values(of: "lr-Adam")) == [0.05])
        #expect(trainer.callbackMetrics["lr-Adam"] == 0.05)
        return logger.steps(of: "lr-Adam")
      }
      #expect(try await steps(nil) == [0, 2, 5, 6, 8, 11])
      #expect(try await steps(.step) == [2, 5, 8, 11])
      #expect(try await steps(.epoch) == [0, 6])
      await #expect(throws: TrainerError.self) {
        try await Trainer.quiet(callbacks: [LearningRateMonitor()]) { $0.logger = false }
          .fit(BoringModule(), dataModule: data)
      }
    }

    /// A module whose metric takes the given values, epoch by epoch.
    final class Scored: BoringModule {
      let scores: [Double]
      init(_ scores: [Double]) { self.scores = scores }
      override func onValidationEpochEnd() throws {
        log("score", scores[min(currentEpoch, scores.count - 1)])
      }
    }

    private func epochs(
      _ scores: [Double], _ stopping: EarlyStopping, minEpochs: Int? = nil
    ) async throws -> Int {
      let trainer = Trainer.quiet(maxEpochs: 10, callbacks: [stopping]) {
        $0.minEpochs = minEpochs
      }
      try await trainer.fit(Scored(scores), dataModule: BoringData())
      return trainer.currentEpoch
    }

    @Test func earlyStopping() async throws {
      let falling = [5.0, 4, 4, 4, 4]
      let patient = EarlyStopping(monitor: "score", patience: 2)
      #expect(try await epochs(falling, patient) == 4)
      #expect(patient.stoppedEpoch == 3)
      #expect(patient.bestScore == 4)
      #expect(patient.stoppingMessage == "score has not improved for 2 checks")
      // The minimum of epochs is respected.
      let kept = EarlyStopping(monitor: "score", patience: 2)
      #expect(try await epochs(falling, kept, minEpochs: 6) == 6)
      let rising = EarlyStopping(monitor: "score", patience: 1, mode: .max)
      #expect(try await epochs([1, 2, 3, 3], rising) == 4)
      let close = EarlyStopping(monitor: "score", minDelta: 0.5, patience: 1)
      #expect(try await epochs([3, 2, 1.6], close) == 3)
      let reached = EarlyStopping(monitor: "score", stoppingThreshold: 2)
      #expect(try await epochs([3, 2, 1.5, 1], reached) == 3)
      let infinite = EarlyStopping(monitor: "score")
      #expect(try await epochs([3, .nan], infinite) == 2)
      #expect(infinite.stoppingMessage == "score is nan")
    }

    @Test func aMissingMetricIsAnError() async throws {
      do {
        _ = try await epochs([1], EarlyStopping(monitor: "val/los"))
        Issue.record("no error")
      } catch {
        #expect(
          "\(error)" == "EarlyStopping watches 'val/los', which was not logged. "
            + "Logged metrics: score, val/x.")
      }
    }
  }
}

import Foundation
import Levin
import Testing

@testable import LevinTrainer

extension TrainerTests {
  @Suite struct FinderTests {
    final class Tunable: DeepModule, LearningRateTunable {}
    final class TunableData: BoringData, BatchSizeTunable {}

    private func data() -> TunableData {
      let data = TunableData()
      (data.trainCount, data.shuffles) = (40, true)
      return data
    }

    /// The search leaves weights, random numbers and statistics as they were.
    @Test func aSearchLeavesNoTrace() async throws {
      func bits(_ callbacks: [Callback]) async throws -> [UInt64] {
        seedEverything(4)
        let (module, data) = (Tunable(), data())
        let trainer = Trainer.quiet(maxEpochs: 2, callbacks: callbacks)
        try await trainer.fit(module, dataModule: data)
        #expect(trainer.globalStep == 20)
        return module.bits
      }
      let plain = try await bits([])
      let finder = LearningRateFinder(numTrainingSteps: 20) { $0.updateAttr = false }
      #expect(try await bits([finder]) == plain)
      #expect(finder.rates.count == 20)
      let sizes = BatchSizeFinder {
        ($0.initialSize, $0.maxTrials, $0.stepsPerTrial) = (4, 1, 2)
      }
      #expect(try await bits([sizes]) == plain)
      #expect(sizes.trials.map(\.size) == [4])
    }

    @Test func theRateIsUsed() async throws {
      let module = Tunable()
      let finder = LearningRateFinder(minRate: 1e-4, maxRate: 10, numTrainingSteps: 40)
      try await Trainer.quiet(maxEpochs: 4, callbacks: [finder]).fit(module, dataModule: data())
      let found = try #require(finder.suggestion)
      #expect(finder.rates.contains(found))
      #expect(module.learningRate == found)

      // Without the protocol, the optimizer's rate is set.
      let recorder = LambdaCallback(onTrainEnd: { trainer, _ in
        #expect(trainer.optimizers[0].learningRate != 0.05)
      })
      let second = LearningRateFinder(minRate: 1e-4, maxRate: 10, numTrainingSteps: 40)
      try await Trainer.quiet(maxEpochs: 4, callbacks: [second, recorder])
        .fit(DeepModule(), dataModule: data())
      #expect(second.suggestion != nil)
    }

    @Test func thePlot() async throws {
      try await withTemporaryFolder { folder in
        let finder = LearningRateFinder(numTrainingSteps: 20)
        let trainer = Trainer(callbacks: [finder]) {
          ($0.maxEpochs, $0.defaultRootDir) = (1, folder)
          ($0.enableProgressBar, $0.enableModelSummary) = (false, false)
        }
        try await trainer.fit(Tunable(), dataModule: data())
        let path = folder + "/lightning_logs/version_0/lr_find.png"
        let picture = try PNG.decode(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        #expect(picture.width == 640 && picture.height == 480)
        guard case .lines(let series) = finder.figure.content else {
          Issue.record("no lines")
          return
        }
        #expect(series[0].y == finder.losses)
        #expect(abs(series[0].x[0] - -8) < 1e-9)
        let file = try #require(
          names(in: folder + "/lightning_logs/version_0").first { $0.hasPrefix("events.out") })
        let bytes = try Data(
          contentsOf: URL(fileURLWithPath: folder + "/lightning_logs/version_0/" + file))
        #expect(bytes.range(of: Data("lr_find".utf8)) != nil)
      }
    }

    /// The steepest point of a curve with unequal steps.
    @Test func steepest() {
      let rates = (0..<40).map { 0.001 * Double($0 * $0 + 1) }
      // Falls fastest around a rate of 0.5.
      let losses = rates.map { 1 / (1 + exp(20 * ($0 - 0.5))) }
      let found = LearningRateFinder.steepest(rates, losses)
      let nearest = rates.min { abs($0 - 0.5) < abs($1 - 0.5) }
      #expect(found == nearest)
      #expect(LearningRateFinder.steepest(Array(rates[..<12]), Array(losses[..<12])) == nil)
    }

    @Test func batchSizesWithinTheMemory() throws {
      func found(
        _ mode: BatchSizeFinder.Mode, fits limit: Int, samples: Int = 1000
      ) throws -> Int {
        let finder = BatchSizeFinder { $0.mode = mode }
        return try finder.search { $0 > limit ? .failed : .worked(samples: samples) }
      }
      #expect(try found(.power, fits: 100) == 64)
      #expect(try found(.binarySearch, fits: 100) == 100)
      #expect(try found(.power, fits: 1) == 1)
      #expect(try found(.power, fits: 5000) == 1000)
      #expect(try found(.binarySearch, fits: 700) == 700)
      #expect(throws: OutOfMemoryError.self) { try found(.power, fits: 0) }
      #expect(throws: OutOfMemoryError.self) { try found(.binarySearch, fits: 0) }
    }

    /// Where each sample needs a hundredth of the free memory, of which 80 % may be used.
    @Test func memoryIsForeseen() async throws {
      let data = data()
      data.trainCount = 400
      let finder = BatchSizeFinder { $0.initialSize = 10 }
      finder.memory = { [unowned finder] in
        let size = finder.trials.last?.size ?? 0
        return MachineMemory(total: 10_000, available: 1000, ofThisProcess: 100 + 10 * size)
      }
      try await Trainer.quiet(maxEpochs: 1, callbacks: [finder])
        .fit(DeepModule(), dataModule: data)
      #expect(finder.trials.map(\.size) == [10, 20, 40, 80, 160])
      #expect(finder.trials.map(\.worked) == [true, true, true, true, false])
      #expect(finder.optimalBatchSize == 80 && data.batchSize == 80)
      await #expect(throws: TrainerError.self) {
        try await Trainer.quiet(callbacks: [BatchSizeFinder()])
          .fit(DeepModule(), dataModule: BoringData())
      }
    }
  }
}

import Foundation
import Levin
import Synchronization
import Testing

extension TrainerTests {
  @Suite struct RunFolderTests {
    @Test func theNextVersionFollowsTheHighest() async throws {
      try await withTemporaryFolder { root in
        for name in ["version_0", "version_3", "version_x", "version_", "version_12a"] {
          try FileManager.default.createDirectory(
            atPath: root + "/lightning_logs/" + name, withIntermediateDirectories: true)
        }
        try Data().write(to: URL(fileURLWithPath: root + "/lightning_logs/version_9"))
        let folder = RunFolder(saveDir: root)
        #expect(names(in: root + "/lightning_logs").count == 6)
        #expect(try folder.claim() == root + "/lightning_logs/version_4")
        #expect(try folder.claim() == root + "/lightning_logs/version_4")
        #expect(RunFolder.isLocked(root + "/lightning_logs/version_4"))
        #expect(!RunFolder.isLocked(root + "/lightning_logs/version_3"))
      }
    }

    @Test func runsThatStartTogetherNeverShareAFolder() async throws {
      try await withTemporaryFolder { root in
        let claimed = try await withThrowingTaskGroup(of: [String].self) { group in
          for _ in 0..<8 {
            group.addTask { try (0..<10).map { _ in try RunFolder(saveDir: root).claim() } }
          }
          return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(claimed).count == 80)
        #expect(names(in: root + "/lightning_logs").count == 80)
      }
    }

    @Test func theRecordSaysHowTheRunStands() async throws {
      final class Failing: BoringModule {
        struct Failure: Error {}
        override func onTrainEpochEnd() throws {
          if currentEpoch == 1 { throw Failure() }
        }
      }
      try await withTemporaryFolder { root in
        try await Trainer.quiet(root: root).fit(BoringModule(), dataModule: BoringData())
        let first = try #require(RunRecord.read(fromRun: root + "/lightning_logs/version_0"))
        #expect(first.status == .finished)
        #expect((first.epochs, first.steps) == (2, 4))
        #expect(first.end != nil)
        await #expect(throws: Failing.Failure.self) {
          try await Trainer.quiet(root: root).fit(Failing(), dataModule: BoringData())
        }
        let second = try #require(RunRecord.read(fromRun: root + "/lightning_logs/version_1"))
        #expect(second.status == .failed)
        #expect((second.epochs, second.steps) == (1, 4))
      }
    }

    /// A run that fails before its first batch leaves nothing.
    @Test func mistakesBeforeTheTrainingLeaveNoFolder() async throws {
      final class NoValidationStep: LightningModule<Tensor> {
        let layer = Linear(4, 2)
        override func configureOptimizers() throws -> any OptimizerConfiguration {
          Adam(layer.parameters)
        }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          layer(batch).mean()
        }
      }
      final class NoTrainingStep: LightningModule<Tensor> {
        let layer = Linear(4, 2)
        override func configureOptimizers() throws -> any OptimizerConfiguration {
          Adam(layer.parameters)
        }
        override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? { nil }
      }
      final class NoOptimizer: LightningModule<Tensor> {
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? { nil }
      }
      try await withTemporaryFolder { root in
        func message(_ module: LightningModule<Tensor>) async -> String {
          do {
            try await Trainer.quiet(root: root).fit(module, dataModule: BoringData())
            return "no error"
          } catch {
            return "\(error)"
          }
        }
        #expect(
          await message(NoValidationStep())
            == "NoValidationStep does not override validationStep(_:batchIndex:), but there is a "
            + "loader of validation batches.")
        #expect(
          await message(NoTrainingStep())
            == "NoTrainingStep does not override trainingStep(_:batchIndex:), but there is a "
            + "loader of training batches.")
        #expect(
          await message(NoOptimizer())
            == "NoOptimizer does not override configureOptimizers(), but fit needs an optimizer.")
        #expect(names(in: root).isEmpty)
      }
    }
  }
}

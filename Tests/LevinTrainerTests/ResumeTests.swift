import Foundation
import Levin
import Testing

extension TrainerTests {
  /// A training that stops and resumes ends with the same bits as one that did not stop.
  @Suite struct ResumeTests {
    /// 5 batches an epoch, shuffled, so that the order of the samples shows in the weights.
    static func data() -> BoringData {
      let data = BoringData()
      (data.trainCount, data.shuffles) = (18, true)
      return data
    }

    /// The training without interruption.
    static func uninterrupted(in folder: String) async throws -> ([UInt32], RecordingLogger) {
      seedEverything(7)
      let (module, logger) = (BoringModule(), RecordingLogger())
      try await Trainer.quiet(maxEpochs: 4, root: folder, logger: logger)
        .fit(module, dataModule: data())
      return (module.bits, logger)
    }

    /// Resumes from `checkpoint` with a module and random numbers that are independent of the first training.
    static func resumed(
      from checkpoint: String, in folder: String, workerCount: Int = 0
    ) async throws -> ([UInt32], RecordingLogger) {
      seedEverything(99)
      let data = data()
      data.workerCount = workerCount
      let (module, logger) = (BoringModule(), RecordingLogger())
      try await Trainer.quiet(maxEpochs: 4, root: folder, logger: logger)
        .fit(module, dataModule: data, checkpointPath: checkpoint)
      return (module.bits, logger)
    }

    @Test(arguments: [5, 10, 3, 7, 13])
    func goesOnToTheBit(afterStep step: Int) async throws {
      try await withTemporaryFolder { folder in
        let (expected, whole) = try await Self.uninterrupted(in: folder + "/whole")
        seedEverything(7)
        let first = BoringModule()
        let checkpoint = ModelCheckpoint(saveTopK: -1, everyNTrainSteps: step)
        try await Trainer.quiet(root: folder, callbacks: [checkpoint], logger: RecordingLogger()) {
          $0.maxEpochs = 4
          $0.maxSteps = step
        }.fit(first, dataModule: Self.data())
        let path = try #require(checkpoint.bestModelPath)
        #expect(path.hasSuffix("epoch=\((step - 1) / 5)-step=\(step).safetensors"))

        let (found, rest) = try await Self.resumed(from: path, in: folder)
        #expect(found == expected)
        // Worker threads read ahead of the training's position.
        #expect(try await Self.resumed(from: path, in: folder, workerCount: 2).0 == expected)
        let losses = whole.points.filter { $0.name == "train/loss" && $0.step >= step }
        #expect(rest.points.filter { $0.name == "train/loss" } == losses)
        let validations = whole.points.filter { $0.name == "val/x" && $0.step >= step - 1 }
        #expect(rest.points.filter { $0.name == "val/x" } == validations)
      }
    }

    @Test func goesOnFromTheEndOfAnEpoch() async throws {
      try await withTemporaryFolder { folder in
        let (expected, _) = try await Self.uninterrupted(in: folder + "/whole")
        seedEverything(7)
        let trainer = Trainer.quiet(maxEpochs: 2, root: folder, logger: RecordingLogger())
        try await trainer.fit(BoringModule(), dataModule: Self.data())
        let path = folder + "/checkpoints/epoch=1-step=10.safetensors"
        let (found, _) = try await Self.resumed(from: path, in: folder)
        #expect(found == expected)
      }
    }

    /// The task is cancelled in the middle of a validation, which is then run again from its start.
    @Test(arguments: [true, false])
    func goesOnAfterCancellation(inValidation: Bool) async throws {
      final class Canceller: BoringModule {
        let inValidation: Bool
        init(inValidation: Bool) { self.inValidation = inValidation }
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          if !inValidation, globalStep == 7 { withUnsafeCurrentTask { $0?.cancel() } }
          return try super.trainingStep(batch, batchIndex: batchIndex)
        }
        override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
          if inValidation, globalStep == 10 { withUnsafeCurrentTask { $0?.cancel() } }
          return try super.validationStep(batch, batchIndex: batchIndex)
        }
      }
      try await withTemporaryFolder { folder in
        let (expected, whole) = try await Self.uninterrupted(in: folder + "/whole")
        let path = try await Task {
          seedEverything(7)
          let trainer = Trainer.quiet(maxEpochs: 4, root: folder, logger: RecordingLogger())
          do {
            try await trainer.fit(Canceller(inValidation: inValidation), dataModule: Self.data())
            Issue.record("it was not stopped")
            return ""
          } catch let interruption as RunInterrupted {
            #expect(interruption.cause == .cancellation)
            #expect(interruption.globalStep == (inValidation ? 10 : 8))
            return try #require(interruption.checkpointPath)
          }
        }.value
        let (found, rest) = try await Self.resumed(from: path, in: folder)
        #expect(found == expected)
        if inValidation {
          let validations = whole.points.filter { $0.name == "val/x" && $0.step >= 9 }
          #expect(rest.points.filter { $0.name == "val/x" } == validations)
        }
      }
    }
  }
}

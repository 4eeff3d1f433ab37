import Foundation
import LevinTensorBoard
import Testing

@testable import LevinCLI

/// The number of finished epochs of a run without a run.json.
@Suite struct RunsEpochsTests {
  /// The epochs of a run with 750 steps per epoch, logged every 50 steps, that reached `steps`.
  private func epochs(
    steps: Int, status: String? = "running", validations: Int = 1, tests: Bool = false,
    checkpoint: String? = nil
  ) throws -> Int? {
    try RunsFixture.with { fixture in
      let folder = fixture.root + "/run"
      let writer = try SummaryWriter(directory: folder)
      func log(_ tag: String, _ step: Int, _ epoch: Int) {
        writer.addScalar(tag, 0.5, step: step)
        writer.addScalar("epoch", Double(epoch), step: step)
      }
      for step in 0..<steps {
        if step % 50 == 49 { log("train/loss", step, step / 750) }
        if validations > 0, step % (750 / validations) == 750 / validations - 1 {
          log("val/loss", step, step / 750)
        }
      }
      if tests { log("test/loss", steps, steps / 750) }
      try writer.close()
      if let status { try fixture.write(#"{"status": "\#(status)"}"#, to: "run/run.json") }
      if let checkpoint {
        try FileManager.default.createDirectory(
          atPath: folder + "/checkpoints", withIntermediateDirectories: true)
        try fixture.write("", to: "run/checkpoints/" + checkpoint)
      }
      return try fixture.overview("run").epochs
    }
  }

  @Test func oneValidationAnEpoch() throws {
    #expect(try epochs(steps: 499) == 0)
    #expect(try epochs(steps: 573) == 0)
    #expect(try epochs(steps: 750) == 1)
    #expect(try epochs(steps: 1000) == 1)
    #expect(try epochs(steps: 1500) == 2)
  }

  @Test func noValidation() throws {
    #expect(try epochs(steps: 573, validations: 0) == 0)
    #expect(try epochs(steps: 1000, validations: 0) == 1)
    // Lightning's checkpoint at the end of the epoch, or its test, shows that the last one ended.
    let name = "epoch=1-step=1500.ckpt"
    #expect(try epochs(steps: 1500, status: nil, validations: 0, checkpoint: name) == 2)
    #expect(try epochs(steps: 1500, status: nil, validations: 0, tests: true) == 2)
  }

  @Test func severalValidationsAnEpoch() throws {
    #expect(try epochs(steps: 1000, validations: 5) == 1)
    #expect(try epochs(steps: 1499, validations: 5) == 1)
    #expect(try epochs(steps: 1500, validations: 5) == 2)
  }

  @Test func test() throws {
    #expect(try epochs(steps: 1500, tests: true) == 2)
  }
}

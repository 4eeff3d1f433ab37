import ArgumentParser
import DigitClassifier
import Levin
import LevinSystem

/// Measures the whole run of the tutorial.
struct StepsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steps",
    abstract:
      "The tutorial's run: five epochs with validation, logging and checkpoint, then the test.",
    discussion: "Run folders go to a temporary folder. Peak memory is that of this process.")

  func run() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    var configuration = TrainerConfiguration()
    configuration.maxEpochs = 5
    configuration.defaultRootDir = folder.path
    let times = EpochTimes()
    let trainer = Trainer(configuration, callbacks: [times])
    let (model, data) = (DigitModule(), DigitDataModule())
    let clock = ContinuousClock()
    let start = clock.now
    var fitted = start
    try await StandardOutput.discardUnlessTerminal {
      try await trainer.fit(model, dataModule: data)
      fitted = clock.now
      try await trainer.test(model, dataModule: data)
    }
    let (fit, whole) = ((fitted - start) / .seconds(1), (clock.now - start) / .seconds(1))
    let epochs = times.take()
    try Report(
      "steps", unit: .seconds, samples: epochs,
      details: [
        "steps_per_second": Double(trainer.globalStep) / fit,
        "fit": fit, "test": whole - fit, "fit_and_test": whole,
        "peak_megabytes": CurrentProcess.peakMemory.map { Double($0) / 1e6 } ?? .nan,
        "test_accuracy": trainer.callbackMetrics["test/acc"] ?? .nan,
      ],
      notes: ["samples": "epochs with their validation"]
    ).print()
  }
}

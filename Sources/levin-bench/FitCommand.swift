import ArgumentParser
import DigitClassifier
import Foundation
import Levin

/// Measures the cost of the Trainer.
struct FitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract:
      "Training epochs of the tutorial through Trainer.fit, compared with a bare loop of the same steps.",
    discussion: """
      Logging is the tutorial's: the loss, an image grid and two texts an epoch, the progress and its \
      metrics; event file and checkpoints go to a temporary folder. Validation is left out, because \
      the bare loop has none. Bare epochs and those of the Trainer take turns.
      """)

  @Option(
    help: "Turns; each is a warm-up epoch and two measured ones, both bare and with the Trainer.")
  var count = 6

  func run() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let steps = try TutorialSteps()
    let times = EpochTimes()
    var bare: [Double] = []
    var fitted: [Double] = []
    for _ in 0..<max(count, 1) {
      steps.trainEpoch()
      bare += steps.epochs(2)
      try await StandardOutput.discardUnlessTerminal {
        try await Self.trainer(epochs: 3, folder: folder.path, times)
          .fit(DigitModule(), dataModule: DigitDataModule())
      }
      fitted += times.take().dropFirst()
    }
    try Report(
      "fit", unit: .seconds, samples: fitted,
      details: ["bare": bare.median, "against_bare": fitted.median / bare.median]
    ).print()
  }

  private static func trainer(epochs: Int, folder: String, _ times: EpochTimes) -> Trainer {
    var configuration = TrainerConfiguration()
    configuration.maxEpochs = epochs
    configuration.limitValBatches = 0
    configuration.defaultRootDir = folder
    configuration.enableModelSummary = false
    return Trainer(configuration, callbacks: [times])
  }
}

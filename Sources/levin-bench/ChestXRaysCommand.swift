import ArgumentParser
import ChestXRays
import Foundation
import Levin

/// Measures a training on a miniature of CheXpert.
struct ChestXRaysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chest-xrays",
    abstract: "Epochs of the DenseNet-121 of `chexpert`, and what it has learned.",
    discussion: """
      An epoch is training and validation, with the files read and decoded anew. The options are those of `chexpert`, \
      but for smaller images. The area under the ROC curve is the mean over the tasks, by study, after the last epoch.
      """)

  @Argument(help: "The folder above that of the dataset; `chexpert miniature FOLDER` draws it.")
  var data: String

  @Option(help: "Height and width of the images.")
  var imageSize = 64

  @Option(help: "Epochs.")
  var count = 2

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  func run() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    seedEverything(seed)
    var options = CheXpertDataModule.Hyperparameters()
    (options.dataPath, options.imageSize) = (data, imageSize)
    let times = EpochTimes()
    let trainer = Trainer(maxEpochs: count, defaultRootDir: folder.path, callbacks: [times]) {
      $0.numSanityValSteps = 0
      $0.enableModelSummary = false
    }
    try await StandardOutput.discardUnlessTerminal {
      try await trainer.fit(CheXpertModule(), dataModule: CheXpertDataModule(options))
    }
    try Report(
      "chest X-rays", unit: .seconds, samples: times.take(),
      details: ["auroc": Double(trainer.callbackMetrics["val/auroc"] ?? .nan)]
    ).print()
  }
}

import ArgumentParser
import DigitClassifier
import Foundation
import Levin
import LevinSystem

/// Measures files of weights and of checkpoints.
struct WeightsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Writing and reading a large state, and the tutorial's checkpoint.",
    discussion: """
      The state has tensors of 4 MB. Writing includes the wait for the disk; reading includes the sum of all \
      elements, since files are mapped. The tutorial's checkpoint, with the state of Adam, is written to a folder in \
      memory where there is one, so that no disk is waited for.
      """)

  @Argument(help: "The folder of the files.")
  var folder: String

  @Option(help: "The size of the state.")
  var megabytes = 500

  @Option(help: "How often it is measured.")
  var count = 3

  func run() async throws {
    let state = (0..<max(megabytes / 4, 1)).map {
      (name: "layer.\($0).weight", tensor: Tensor.rand([1000, 1000]))
    }
    for format in ["safetensors", "pt"] {
      let path = "\(folder)/levin.\(format)"
      let before = CurrentProcess.peakMemory ?? 0
      let write = try sampled(count) { try elapsed { try save(state, to: path) } }
      let growth = Double((CurrentProcess.peakMemory ?? 0) - before)
      try Report("write .\(format)", unit: .seconds, samples: write).print()
      try Report("write .\(format), memory", unit: .bytes, samples: [growth]).print()
      let read = try sampled(count) {
        try elapsed { for tensor in try load(path).values { _ = tensor.sum().item() } }
      }
      try Report("read .\(format)", unit: .seconds, samples: read).print()
    }
    try await checkpoint()
  }

  private func checkpoint() async throws {
    let memory = "/dev/shm"
    let folder = FileManager.default.isWritableFile(atPath: memory) ? memory : folder
    let saver = Saver(path: "\(folder)/levin-bench.safetensors", count: max(count, 20))
    var configuration = TrainerConfiguration()
    configuration.maxSteps = 10
    configuration.limitValBatches = 0
    configuration.logger = false
    configuration.enableCheckpointing = false
    configuration.enableProgressBar = false
    configuration.enableModelSummary = false
    let trainer = Trainer(configuration, callbacks: [saver])
    try await StandardOutput.discardUnlessTerminal {
      try await trainer.fit(DigitModule(), dataModule: DigitDataModule())
    }
    try Report("the tutorial's checkpoint", unit: .seconds, samples: saver.seconds).print()
  }
}

/// Saves a checkpoint again and again after the last step.
private final class Saver: Callback {
  let path: String
  let count: Int
  private(set) var seconds: [Double] = []

  init(path: String, count: Int) {
    (self.path, self.count) = (path, count)
    super.init()
  }

  override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    seconds = try sampled(count) { try elapsed { try trainer.saveCheckpoint(to: path) } }
  }
}

import ArgumentParser
import DigitClassifier
import Foundation
import Levin

/// Measures the cost of a picture.
struct WriteImageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write-image",
    abstract: "A grid of 8×8 digits from a tensor to the event file, and the bytes of its PNG.",
    discussion: """
      The seconds are those of one addImage among many, from the first call to the closed file, including the \
      picture's compression. The digits are the first 64 test images.
      """)

  @Option(help: "Pictures in each measurement.")
  var pictures = 50

  @Option(help: "How often it is measured.")
  var count = 7

  func validate() throws {
    if pictures < 1 { throw ValidationError("--pictures: found \(pictures); expected at least 1") }
  }

  func run() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let data = DigitDataModule()
    try data.setup(stage: .test)
    guard let (images, _) = data.testDataLoader().makeIterator().next() else { return }
    let grid = makeGrid(images)
    var bytes = 0
    let seconds = try sampled(count) {
      let run = folder.path + "/\(UUID().uuidString)"
      let seconds = try elapsed {
        let writer = try SummaryWriter(directory: run)
        for step in 0..<pictures { writer.addImage("test/inputs", grid, step: step) }
        try writer.close()
      }
      bytes = try Run(directory: run).images("test/inputs").first?.value.encoded.count ?? 0
      return seconds / Double(pictures)
    }
    try Report(
      "write-image", unit: .seconds, samples: seconds,
      details: [
        "bytes": Double(bytes), "height": Double(grid.shape[1]), "width": Double(grid.shape[2]),
      ]
    ).print()
  }
}

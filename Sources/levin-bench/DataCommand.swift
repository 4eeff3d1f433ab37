import ArgumentParser
import Foundation
import Levin

/// Measures how fast pictures come from files into batches.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "JPEG and PNG files to batches, CIFAR in memory, and a folder of 100,000 files.",
    discussion: """
      Images a second over a whole pass of a loader, without workers, and with 1 and 2. The files are made in the \
      folder if it does not have them; other programs then read the same ones. The folder of many files is listed once \
      before it is measured, so that its entries are cached.
      """)

  @Argument(help: "The folder of the files.")
  var folder: String

  @Argument(help: "Rows, such as gray-390x320; all by default.")
  var rows: [String] = []

  @Option(help: "How often each is measured.")
  var count = 3

  @Flag(help: "Makes the files and measures nothing.")
  var onlyFiles = false

  func run() throws {
    let files = DataFiles(folder: folder)
    for row in DataRow.all where rows.isEmpty || rows.contains(row.name) {
      try row.make(files)
      if !onlyFiles { try row.measure(files, count) }
    }
  }
}

/// A row, and the files it needs.
private struct DataRow: Sendable {
  let name: String
  let make: @Sendable (DataFiles) throws -> Void
  let measure: @Sendable (DataFiles, Int) throws -> Void

  static let all: [DataRow] = [
    pictures("gray-390x320", mode: .gray, side(320)),
    pictures("gray-2048x2500", mode: .gray, side(320)),
    pictures("png-gray-1024x1024", mode: .gray, side(320)),
    scaled("gray-2048x2500", name: "scaled-2048x2500", side(320)),
    pictures(
      "colour-500x375", mode: .rgb,
      Compose(
        RandomResizedCrop(224), RandomHorizontalFlip(), ToTensor(),
        Normalize(mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225]))),
    DataRow(name: "cifar", make: { try $0.makeCIFAR() }) { files, count in
      let set = try CIFAR10(
        root: files.folder, train: false,
        transform: Compose(
          RandomCrop(32, padding: 4), RandomHorizontalFlip(), ToTensor(),
          Normalize(mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.247, 0.2435, 0.2616])))
      try passes("cifar", set, batchSize: 128, shuffle: true, count)
    },
    DataRow(name: "folder", make: { try $0.makeManyFiles() }) { files, count in
      let seconds = try sampled(count + 1) {
        try elapsed {
          let set = try ImageFolder(root: files.path("folder"), transform: Compose(ToTensor()))
          guard set.count == DataFiles.manyFiles else { throw ExitCode.failure }
        }
      }
      try Report("folder", unit: .seconds, samples: Array(seconds.dropFirst())).print()
    },
  ]

  private static func side(_ size: Int) -> Compose {
    Compose(
      Resize(.exactly(height: size, width: size)), ToTensor(),
      Normalize(mean: [0.5], standardDeviation: [0.25]))
  }

  private static func pictures(
    _ name: String, mode: ImageReadMode, _ transform: Compose
  ) -> DataRow {
    DataRow(name: name, make: { try $0.makePictures(name) }) { files, count in
      let set = try ImageFolder(root: files.path(name), transform: transform, mode: mode)
      try passes(name, set, batchSize: 16, shuffle: false, count)
    }
  }

  /// JPEG files decoded at a fraction of their size.
  private static func scaled(_ folder: String, name: String, _ transform: Compose) -> DataRow {
    DataRow(name: name, make: { try $0.makePictures(folder) }) { files, count in
      let set = try ImageFolder(
        root: files.path(folder), transform: transform, mode: .gray, least: (320, 320))
      try passes(name, set, batchSize: 16, shuffle: false, count)
    }
  }

  private static func passes(
    _ name: String, _ set: any Dataset<LabeledImages>, batchSize: Int, shuffle: Bool, _ count: Int
  ) throws {
    for workers in 0...2 {
      let loader = DataLoader(set, batchSize: batchSize, shuffle: shuffle, workerCount: workers)
      let rates = try sampled(count) {
        var images = 0
        let seconds = try elapsed {
          let pass = loader.makeIterator()
          while let batch = try pass.nextBatch() { images += batch.images.shape[0] }
        }
        return Double(images) / seconds
      }
      try Report("\(name), \(workers) workers", unit: .perSecond, samples: rates).print()
    }
  }
}

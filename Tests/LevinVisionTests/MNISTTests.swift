import Foundation
@testable import LevinVision
import LevinData
import LevinFormats
import LevinSystem
import LevinTensor
import Testing

@Suite(.serialized) struct MNISTTests {
  private let transform = Compose(ToTensor(), Normalize(mean: [0.5], standardDeviation: [0.5]))

  private func idx(_ magic: UInt8, _ sizes: [Int], _ data: [UInt8]) -> [UInt8] {
    [0, 0, 8, magic] + sizes.flatMap { size in [24, 16, 8, 0].map { UInt8(size >> $0 & 255) } }
      + data
  }

  /// Writes a small training set below `folder`: image `i` has the byte `i` everywhere.
  private func write(
    _ folder: String, labels: [UInt8] = [3, 1, 4], images: Int = 3, side: Int = 28
  ) throws {
    try FileBytes.makeFolder(folder)
    let pixels = (0..<images).flatMap { [UInt8](repeating: UInt8($0), count: side * side) }
    try AtomicFile.write(
      idx(3, [images, side, side], pixels), to: folder + "/train-images-idx3-ubyte")
    try AtomicFile.write(idx(1, [labels.count], labels), to: folder + "/train-labels-idx1-ubyte")
  }

  @Test(arguments: ["/MNIST/raw", "/raw", ""])
  func filesAreFoundInEveryLayout(layout: String) throws {
    try withTemporaryFolder { folder in
      try write(folder + layout)
      let set = try MNIST(
        MNISTFiles(name: "MNIST", root: folder), train: true, transform: transform)
      #expect(set.count == 3)
      let batch = try set.batch(at: [2, 0])
      #expect(batch.images.shape == [2, 1, 28, 28])
      #expect(batch.labels.scalars(as: Int64.self) == [4, 3])
      #expect(batch.images.scalars(as: Float.self)[784] == -1)
    }
  }

  @Test(arguments: [
    (
      "counts",
      "DIR/train-images-idx3-ubyte has 3 images, but DIR/train-labels-idx1-ubyte has 2 labels. Delete both files and download them again."
    ),
    (
      "label",
      "DIR/train-labels-idx1-ubyte: byte 9: label 10, expected 0 to 9. Delete the file and download it again."
    ),
    (
      "size",
      "DIR/train-images-idx3-ubyte: byte 8: images of 27×27 pixels, expected 28×28. Delete the file and download it again."
    ),
    (
      "empty",
      "DIR/train-images-idx3-ubyte: byte 4: no images. Delete the file and download it again."
    ),
    (
      "magic",
      "DIR/train-images-idx3-ubyte: byte 3: the magic number says 1 dimension, expected 3. Delete the file and download it again."
    ),
    (
      "gzip",
      "DIR/train-images-idx3-ubyte.gz: byte 0: not a gzip file: it starts with 3c 68 74, expected 1f 8b 08. Delete the file and download it again."
    ),
    (
      "missing",
      "MNIST: cannot find train-labels-idx1-ubyte[.gz]. Looked in:\n  DIR/MNIST/raw\n  DIR/raw\n  DIR\nPut the files there, or name their folder with --data.root or LEVIN_MNIST."
    ),
  ])
  func damagedFilesAreRefusedWithAClearError(damage: String, message: String) throws {
    try withTemporaryFolder { folder in
      let images = folder + "/train-images-idx3-ubyte"
      let labels = folder + "/train-labels-idx1-ubyte"
      switch damage {
      case "counts": try write(folder, labels: [3, 1])
      case "label": try write(folder, labels: [3, 10, 4])
      case "size": try write(folder, side: 27)
      case "empty": try write(folder, labels: [], images: 0)
      default: try write(folder)
      }
      switch damage {
      case "magic": try AtomicFile.write(FileBytes.read(labels), to: images)
      case "gzip":
        try FileManager.default.removeItem(atPath: images)
        try AtomicFile.write(Array("<html>".utf8), to: images + ".gz")
      case "missing": try FileManager.default.removeItem(atPath: labels)
      default: break
      }
      let error = #expect(throws: (any Error).self) {
        try MNIST(MNISTFiles(name: "MNIST", root: folder), train: true, transform: transform)
      }
      #expect(error.map { "\($0)" } == message.replacingOccurrences(of: "DIR", with: folder))
    }
  }

  @Test func aFileIsNoFolder() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/mnist"
      try AtomicFile.write([1], to: file)
      let error = #expect(throws: MNISTError.self) {
        try ImageDataset.fashionMNIST.open(root: file, train: true, transform: transform)
      }
      #expect(
        error?.description
          == "--data.root names \(file), which is a file. Name the folder that holds the four files, or the one that holds FashionMNIST/raw."
      )
    }
  }

  /// Both sets, or the training set alone; without that an error.
  @Test func setsAreOpenedTogether() throws {
    try withTemporaryFolder { folder in
      let files = folder + "/FashionMNIST/raw"
      let error = #expect(throws: MNISTError.self) {
        try ImageDataset.fashionMNIST.openBoth(root: folder, transform: transform)
      }
      #expect(error?.description.contains("cannot find train-images-idx3-ubyte") == true)

      try write(files)
      var sets = try ImageDataset.fashionMNIST.openBoth(root: folder, transform: transform)
      #expect(sets.train.count == 3)
      #expect(sets.test == nil)

      for (file, other) in [("images-idx3", "labels-idx1"), ("labels-idx1", "images-idx3")] {
        try FileManager.default.copyItem(
          atPath: "\(files)/train-\(file)-ubyte", toPath: "\(files)/t10k-\(file)-ubyte")
        let isWhole = FileBytes.isFile("\(files)/t10k-\(other)-ubyte")
        sets = try ImageDataset.fashionMNIST.openBoth(root: folder, transform: transform)
        #expect(sets.test?.count == (isWhole ? 3 : nil))
      }
      #expect(try sets.test?.batch(at: [1]).labels.scalars(as: Int64.self) == [1])
    }
  }

  /// The first batches of the tutorial's split, whose labels Lightning's own run logged.
  @Test(.enabled(if: RealMNIST.isExpected, "no MNIST: set LEVIN_MNIST to its folder"))
  func theRealFilesGiveTheTutorialsBatches() throws {
    let set = try MNIST(root: ".", train: true, transform: transform)
    #expect(set.count == 60000)
    let parts = randomSplit(set, [48000, 12000], generator: Generator(seed: 42))
    let first = try #require(
      DataLoader(parts[0], batchSize: 64, generator: Generator(seed: 1)).makeIterator().next())
    #expect(first.images.shape == [64, 1, 28, 28])
    let golden = try Golden.load("data/mnist_first_batch.json", as: [String: [Double]].self)
    #expect(first.labels.scalars(as: Int64.self).map { Double($0) } == golden["labels"])
    let sums = first.images.scalars(as: Float.self).map { Double($0) }.chunked(784).map {
      $0.reduce(0, +)
    }
    #expect(zip(sums, golden["sums"] ?? []).allSatisfy { abs($0 - $1) < 1e-3 })
    let test = try MNIST(root: ".", train: false, transform: transform)
    #expect(test.count == 10000)
  }
}

/// The location of real MNIST, if it is available.
enum RealMNIST {
  /// With `CI=true` a missing MNIST is a failure, elsewhere it is skipped.
  static var isExpected: Bool {
    let environment = ProcessInfo.processInfo.environment
    return environment["CI"] == "true" || environment["LEVIN_MNIST"] != nil
      || FileBytes.isFile("MNIST/raw/train-images-idx3-ubyte.gz")
      || FileBytes.isFile("MNIST/raw/train-images-idx3-ubyte")
  }
}

extension Array {
  fileprivate func chunked(_ size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}

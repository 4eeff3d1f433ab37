import Foundation
import LevinData
import LevinFormats
import LevinTensor
import LevinVision
import Testing

@Suite struct CIFARTests {
  /// Records of labels and three planes.
  private func records(_ labels: [[UInt8]]) -> [UInt8] {
    labels.enumerated().flatMap { index, label in
      label + (0..<3072).map { UInt8(truncatingIfNeeded: $0 / 1024 * 50 + $0 % 7 + index) }
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test func recordsBecomeImages() throws {
    try withTemporaryFolder { root in
      for part in 1...5 {
        try write(
          records([[UInt8(part)], [9]]), to: "\(root)/cifar-10-batches-bin/data_batch_\(part).bin")
      }
      try write(records([[3]]), to: root + "/cifar-10-batches-bin/test_batch.bin")
      let train = try CIFAR10(root: root, train: true, transform: Compose())
      #expect(train.count == 10)
      let batch = try train.batch(at: [2, 9])
      #expect(batch.labels.scalars(as: Int64.self) == [2, 9])
      #expect(batch.images.shape == [2, 3, 32, 32])
      #expect(batch.images[1, .all, 0, 5].scalars(as: Float.self) == [6, 51, 103])
      let test = try CIFAR10(
        root: root + "/cifar-10-batches-bin", train: false, transform: Compose())
      #expect(test.count == 1 && CIFAR10.classes[3] == "cat")
      try write(records([[1, 44], [0, 99]]), to: root + "/cifar-100-binary/test.bin")
      let fine = try CIFAR100(root: root, train: false, transform: Compose())
      #expect(try fine.batch(at: [0, 1]).labels.scalars(as: Int64.self) == [44, 99])
      let coarse = try CIFAR100(root: root, train: false, coarse: true, transform: Compose())
      #expect(try coarse.batch(at: [0, 1]).labels.scalars(as: Int64.self) == [1, 0])
    }
  }

  @Test func wrongFilesAreNamed() throws {
    try withTemporaryFolder { (root: String) throws in
      func message(_ bytes: [UInt8]?) throws -> String {
        let path = root + "/cifar-10-batches-bin/test_batch.bin"
        if let bytes { try write(bytes, to: path) }
        let error = #expect(throws: RecordFileError.self) {
          try CIFAR10(root: root, train: false, transform: Compose())
        }
        return error?.description.replacingOccurrences(of: path, with: "P") ?? ""
      }
      #expect(
        try message(nil)
          == "\(root): found neither cifar-10-batches-bin/test_batch.bin nor cifar-10-binary.tar.gz of "
          + "CIFAR-10; expected one of them. prepare(root:) downloads it from "
          + "https://www.cs.toronto.edu/~kriz/.")
      #expect(
        try message(Array(records([[3]]).dropLast()))
          == "P: byte 3072: found 3072 bytes; expected records of 3073")
      #expect(
        try message(records([[3], [10]])) == "P: byte 3073: found label 10; expected 0 to 9")
    }
  }

  @Test func archivesAreReadAsTheyAre() throws {
    try withTemporaryFolder { (root: String) throws in
      for part in 1...5 {
        try write(
          records([[UInt8(part)]]), to: "\(root)/cifar-10-batches-bin/data_batch_\(part).bin")
      }
      let unpacked = try CIFAR10(root: root, train: true, transform: Compose())
      let tar = Process()
      tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      tar.arguments = [
        "tar", "-C", root, "-czf", "\(root)/cifar-10-binary.tar.gz", "cifar-10-batches-bin",
      ]
      try tar.run()
      tar.waitUntilExit()
      try FileManager.default.removeItem(atPath: "\(root)/cifar-10-batches-bin")
      let packed = try CIFAR10(root: root, train: true, transform: Compose())
      #expect(packed.fingerprint == unpacked.fingerprint && packed.count == 5)
      let error = #expect(throws: RecordFileError.self) {
        try CIFAR10(root: root, train: false, transform: Compose())
      }
      #expect("\(try #require(error))".contains("found no test_batch.bin in it"))
    }
  }

  /// Planes are stored by columns, and labels count from 1 (torchvision transposes the one and subtracts from the other).
  @Test func imagesOfSTL10() throws {
    try withTemporaryFolder { (root: String) throws in
      let pixels = (0..<2 * 27648).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 96) }
      try write(pixels, to: "\(root)/stl10_binary/train_X.bin")
      try write([10, 1], to: "\(root)/stl10_binary/train_y.bin")
      try write(Array("1\n0 1 \n".utf8), to: "\(root)/stl10_binary/fold_indices.txt")
      try write(Array(pixels.prefix(27648)), to: "\(root)/stl10_binary/unlabeled_X.bin")
      let train = try STL10(root: root, split: .train, transform: Compose())
      let batch = try train.batch(at: [0, 1])
      #expect(batch.labels.scalars(as: Int64.self) == [9, 0])
      #expect(batch.images.shape == [2, 3, 96, 96])
      // Row 5 and column 40 of the green plane of the second image.
      let place = 27648 + 9216 + 40 * 96 + 5
      #expect(batch.images[1, 1, 5, 40].item() == Double(pixels[place]))
      let fold = try STL10(root: root, split: .train, fold: 0, transform: Compose())
      #expect(try fold.batch(at: [0]).labels.scalars(as: Int64.self) == [0])
      let more = try STL10(root: root, split: .unlabeled, transform: Compose())
      #expect(try more.batch(at: [0]).labels.scalars(as: Int64.self) == [-1])
      try write([11, 1], to: "\(root)/stl10_binary/train_y.bin")
      let error = #expect(throws: RecordFileError.self) {
        try STL10(root: root, split: .train, transform: Compose())
      }
      #expect(
        "\(try #require(error))".hasSuffix("train_y.bin: byte 0: found label 11; expected 1 to 10"))
    }
  }
}

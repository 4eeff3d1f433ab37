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
          + "CIFAR-10; expected one of them. Download "
          + "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz into this folder.")
      #expect(
        try message(Array(records([[3]]).dropLast()))
          == "P: byte 3072: found 3072 bytes; expected records of 3073")
      #expect(
        try message(records([[3], [10]])) == "P: byte 3073: found label 10; expected 0 to 9")
    }
  }
}

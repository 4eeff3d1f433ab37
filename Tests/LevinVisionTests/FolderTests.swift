import Foundation
import LevinData
import LevinFormats
import LevinTensor
import LevinVision
import Testing

@Suite struct FolderTests {
  /// Files of one colour each.
  static func write(_ names: [String], in folder: String, size: Int = 6) throws {
    for (index, name) in names.enumerated() {
      let path = folder + "/" + name
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      let bytes = [UInt8](repeating: UInt8(10 * index + 5), count: size * size)
      let file = PNG.encode(width: size, height: size, channels: 1, pixels: bytes)
      try Data(file).write(to: URL(fileURLWithPath: path))
    }
  }

  @Test func filesAreInTorchvisionsOrder() throws {
    try withTemporaryFolder { root in
      let names = [
        "b/.dot.jpg", "b/10.jpg", "b/2.JPG", "b/a.PNG", "b/fake.jpg", "b/sub/1.png",
        ".hidden/x.png",
        "_u/y.png", "é/z.webp", "B/w.bmp",
      ]
      try Self.write(names + ["plain.png", "b/notes.txt", "b/jpg"], in: root)
      let folder = try ImageFolder(root: root, transform: Compose(ToTensor()))
      #expect(folder.classes == [".hidden", "B", "_u", "b", "é"])
      let found = folder.paths.map { String($0.dropFirst(root.count + 1)) }
      #expect(
        found == [
          ".hidden/x.png", "B/w.bmp", "_u/y.png", "b/.dot.jpg", "b/10.jpg", "b/2.JPG", "b/a.PNG",
          "b/fake.jpg", "b/sub/1.png", "é/z.webp",
        ])
      #expect(folder.labels == [0, 1, 2, 3, 3, 3, 3, 3, 3, 4])
      // Contents decide, so PNG bytes under other names are read; gray becomes RGB.
      let batch = try folder.batch(at: [4, 0])
      #expect(batch.images.shape == [2, 3, 6, 6])
      #expect(batch.images[0, 2, 0, 0].scalars(as: Float.self) == [Float(15) / 255])
      #expect(batch.labels.scalars(as: Int64.self) == [3, 0])
      let gray = try ImageFolder(root: root, transform: Compose(ToTensor()), mode: .gray)
      #expect(try gray.batch(at: [1]).images.shape == [1, 1, 6, 6])
    }
  }

  @Test func aLinkThatLeadsBackIsFollowedOnce() throws {
    try withTemporaryFolder { root in
      try Self.write(["a/1.png"], in: root)
      try FileManager.default.createSymbolicLink(
        atPath: root + "/a/again", withDestinationPath: root + "/a")
      #expect(try ImageFolder(root: root, transform: Compose(ToTensor())).count == 1)
    }
  }

  @Test func wrongFoldersAreNamed() throws {
    try withTemporaryFolder { root in
      func message(_ body: () throws -> Void) -> String {
        do {
          try body()
          return ""
        } catch {
          return "\(error)"
        }
      }
      #expect(
        message { _ = try ImageFolder(root: root, transform: Compose(ToTensor())) }
          == "\(root): found no folders; expected one for each class, with the files of the class in it."
      )
      try Self.write(["a/1.txt", "b/1.png", "c/x.gif"], in: root)
      #expect(
        message { _ = try ImageFolder(root: root, transform: Compose(ToTensor())) }
          == "\(root): found no valid file for the classes a, c. Supported extensions are: .jpg, .jpeg, .png, "
          + ".ppm, .bmp, .pgm, .tif, .tiff, .webp. allowsEmpty: true accepts classes without files."
      )
      let folder = try ImageFolder(
        root: root, transform: Compose(ToTensor()), allowsEmpty: true)
      #expect(folder.classes.count == 3 && folder.count == 1)
      #expect(
        message { _ = try ImageFolder(root: root + "/none", transform: Compose(ToTensor())) }
          .contains("/none': No such file or directory"))
    }
  }

  @Test(arguments: [0, 2]) func aDamagedFileIsNamedWithItsSample(workerCount: Int) throws {
    try withTemporaryFolder { root in
      try Self.write((0..<6).map { "a/\($0).png" }, in: root)
      let path = root + "/a/4.png"
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      try whole.prefix(40).write(to: URL(fileURLWithPath: path))
      let folder = try ImageFolder(root: root, transform: Compose(ToTensor()))
      let pass = DataLoader(folder, batchSize: 2, workerCount: workerCount).makeIterator()
      #expect(pass.next() != nil && pass.next() != nil && pass.next() == nil)
      #expect(
        pass.failure.map { "\($0)" }
          == "sample 4: \(path): byte 33: the PNG file is cut short")
      try Data("hello".utf8).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: SampleError.self) { try folder.batch(at: [4]) }
      #expect(
        error?.description
          == "sample 4: \(path): byte 0: neither JPEG nor PNG, PGM or PPM: the file begins with 0x68 0x65 0x6c 0x6c"
      )
    }
  }

  @Test func sizesThatDifferAreNamed() throws {
    try withTemporaryFolder { root in
      try Self.write(["a/1.png"], in: root)
      try Self.write(["a/2.png"], in: root, size: 7)
      let folder = try ImageFolder(root: root, transform: Compose(ToTensor()))
      let error = #expect(throws: CollationError.self) { try folder.batch(at: [0, 1]) }
      #expect(
        error?.description.hasPrefix(
          "images of a batch must have one shape, but found [3, 6, 6] for sample 0 and [3, 7, 7] for sample 1"
        ) == true)
      let resized = try ImageFolder(
        root: root, transform: Compose(Resize(.exactly(height: 5, width: 5)), ToTensor()))
      #expect(try resized.batch(at: [0, 1]).images.shape == [2, 3, 5, 5])
    }
  }

  @Test func augmentationIsTheSameWithAnyNumberOfWorkers() throws {
    try withTemporaryFolder { root in
      try Self.write((0..<12).map { "a/\($0).png" }, in: root, size: 20)
      let folder = try ImageFolder(
        root: root,
        transform: Compose(
          RandomResizedCrop(8), RandomHorizontalFlip(), ColorJitter(brightness: 0.5), ToTensor(),
          RandomErasing(probability: 1)))
      func pass(_ workerCount: Int, _ batchSize: Int) -> [Float] {
        DataLoader(
          folder, batchSize: batchSize, shuffle: true, workerCount: workerCount,
          generator: Generator(seed: 4)
        ).flatMap { $0.images.scalars(as: Float.self) }
      }
      let alone = pass(0, 3)
      #expect(alone.count == 12 * 3 * 64 && Set(alone).count > 10)
      #expect(pass(3, 3) == alone && pass(2, 5) == alone)
    }
  }

  @Test func listsHaveTargetsOfTheirOwn() throws {
    try withTemporaryFolder { root in
      try Self.write(["a/1.png", "b/2.png"], in: root)
      let paths = ["a/1.png", "b/2.png"].map { root + "/" + $0 }
      let list = ImageList(
        paths: paths, targets: [[Float(0), 1], [1, 0]].map { Labels(values: $0) },
        transform: Compose(ToTensor()), mode: .gray)
      let batch = try list.batch(at: [1, 0])
      #expect(batch.images.shape == [2, 1, 6, 6])
      #expect(batch.targets.scalars(as: Float.self) == [1, 0, 0, 1])
      let own = try DatasetFolder(root: root, extensions: [".png"]) { path in
        (path as NSString).lastPathComponent
      }
      #expect(own.paths == paths && own.classes == ["a", "b"])
      #expect(try Collated(own).batch(at: [1, 0]).0 == ["2.png", "1.png"])
    }
  }

  struct Labels: Collatable, Sendable {
    var values: [Float]
    static func collate(_ samples: [Labels]) -> Tensor {
      Tensor(samples.flatMap(\.values), shape: [samples.count, samples[0].values.count])
    }
  }
}

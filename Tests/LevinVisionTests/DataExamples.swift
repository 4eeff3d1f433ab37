import Foundation
import LevinData
import LevinTensor
import LevinVision
import Testing

// The examples of docs/data.md, word for word.

let transform = Compose(
  RandomResizedCrop(224), RandomHorizontalFlip(), ToTensor(),
  Normalize(mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225]))

func loaders(_ root: String) throws -> (DataLoader<LabeledImages>, DataLoader<LabeledImages>) {
  let folder = try ImageFolder(root: root, transform: transform)  // root/class/….jpg
  let parts = randomSplit(folder, fractions: [0.9, 0.1], generator: Generator(seed: 42))
  return (
    DataLoader(parts[0], batchSize: 32, shuffle: true, workerCount: 2),
    DataLoader(parts[1], batchSize: 32, workerCount: 2)
  )
}

struct Sines: SampleDataset {
  let count = 1000
  func sample(at index: Int) -> (Tensor, Float) {
    let x = Float(index) / 1000
    return (Tensor([x, x * x]), x)
  }
}

func sines() -> DataLoader<(Tensor, Tensor)> {
  DataLoader(Collated(Sines()), batchSize: 16, shuffle: true)  // [16, 2] and [16]
}

func balanced(_ folder: ImageFolder) -> DataLoader<LabeledImages> {
  var counts = [Double](repeating: 0, count: folder.classes.count)
  for label in folder.labels { counts[label] += 1 }
  let weights = folder.labels.map { 1 / counts[$0] }
  return DataLoader(
    folder, batchSize: 32, sampler: WeightedRandomSampler(weights: weights, count: folder.count))
}

func segments(_ root: String) throws -> DataLoader<SegmentedImages> {
  let transform = Compose(RandomResizedCrop(256), RandomHorizontalFlip(), ToTensor())
  let folder = try SegmentationFolder(
    images: "\(root)/images", masks: "\(root)/masks", transform: transform)
  return DataLoader(folder, batchSize: 16, shuffle: true)  // [16, 3, 256, 256] and [16, 256, 256]
}

func labels(_ path: String) throws -> (paths: [String], edema: [Int]) {
  let table = try Table(contentsOf: path).filtered { $0["Frontal/Lateral"] == "Frontal" }
  let labels = try table.replacing(["Edema"], ["-1.0": "1.0"]).filling(["Edema"], with: "0")
  return (try table.texts("Path").compactMap { $0 }, try labels.integers("Edema"))
}

func cifar(_ root: String) async throws -> DataLoader<LabeledImages> {
  try await CIFAR10.prepare(root: root)
  let transform = Compose(
    RandomCrop(32, padding: 4), RandomHorizontalFlip(), ToTensor(),
    Normalize(mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.247, 0.2435, 0.2616]))
  return DataLoader(
    try CIFAR10(root: root, train: true, transform: transform), batchSize: 128, shuffle: true)
}

// The end of the examples.

@Suite struct DataExamples {
  /// Each indented block of the page is in this file.
  @Test func thePageHasTheseExamples() throws {
    let here = URL(fileURLWithPath: #filePath)
    let root = here.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appendingPathComponent("docs/data.md"), encoding: .utf8)
    let source = try String(contentsOf: here, encoding: .utf8)
    var blocks: [[String]] = [[]]
    for line in page.components(separatedBy: "\n") {
      if line.hasPrefix("    ") {
        blocks[blocks.count - 1].append(String(line.dropFirst(4)))
      } else if line.isEmpty, !blocks[blocks.count - 1].isEmpty {
        blocks[blocks.count - 1].append("")
      } else if !blocks[blocks.count - 1].isEmpty {
        blocks.append([])
      }
    }
    let texts = blocks.map { $0.joined(separator: "\n").trimmingCharacters(in: .newlines) }
      .filter { !$0.isEmpty }
    #expect(texts.count == 6)
    for text in texts { #expect(source.contains(text)) }
  }

  /// With the files there, nothing is downloaded.
  @Test func photographsOfCIFAR() async throws {
    let root = FileManager.default.temporaryDirectory.path + "/levin-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let folder = root + "/cifar-10-batches-bin"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in (1...5).map({ "data_batch_\($0)" }) + ["test_batch"] {
      try Data([3] + [UInt8](repeating: 9, count: 3072))
        .write(to: URL(filePath: "\(folder)/\(name).bin"))
    }
    let batch = try #require(try await cifar(root).makeIterator().next())
    #expect(batch.images.shape == [5, 3, 32, 32])
    #expect(batch.labels.scalars(as: Int64.self) == [3, 3, 3, 3, 3])
  }

  @Test func theyDoWhatThePageSays() throws {
    let (inputs, targets) = try #require(sines().makeIterator().next())
    #expect(inputs.shape == [16, 2] && targets.shape == [16] && targets.dtype == .float32)
    try withTemporaryFolder { root in
      try FolderTests.write((0..<20).map { "\($0 % 4 == 0 ? "a" : "b")/\($0).png" }, in: root)
      let (train, validation) = try loaders(root)
      #expect(train.sampleCount == 18 && validation.sampleCount == 2)
      #expect(validation.makeIterator().next()?.images.shape == [2, 3, 224, 224])
      let folder = try ImageFolder(root: root, transform: transform)
      seedEverything(1)
      #expect(balanced(folder).sampleCount == 20)
      let path = root + "/t.csv"
      try Data(
        "Path,Frontal/Lateral,Edema\na.jpg,Frontal,-1.0\nb.jpg,Lateral,0\nc.jpg,Frontal,\n".utf8
      )
      .write(to: URL(fileURLWithPath: path))
      let found = try labels(path)
      #expect(found.paths == ["a.jpg", "c.jpg"] && found.edema == [1, 0])
    }
  }
}

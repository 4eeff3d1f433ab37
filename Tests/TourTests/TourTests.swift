import DigitClassifier
import Foundation
import Levin
import Testing

/// A tour of everything in a minute, from bytes on the disk to the event file, with small data.
@Suite struct TourTests {
  /// Digits in IDX format: `count` images of 28×28 with as many bright rows as the label says, and labels.
  private func files(_ count: Int) -> (images: [UInt8], labels: [UInt8]) {
    let labels = (0..<count).map { UInt8($0 * 7 % 10) }
    var images: [UInt8] = [
      0, 0, 8, 3, 0, 0, UInt8(count >> 8), UInt8(count & 255), 0, 0, 0, 28, 0, 0, 0, 28,
    ]
    for label in labels {
      images += (0..<784).map { UInt8($0 / 28 < 2 + 2 * Int(label) ? 255 : 0) }
    }
    return (images, [0, 0, 8, 1, 0, 0, UInt8(count >> 8), UInt8(count & 255)] + labels)
  }

  final class Data: LightningDataModule<LabeledImages> {
    let set: ByteImages
    init(_ images: IDXArray, _ labels: IDXArray) {
      set = ByteImages(
        pixels: images.bytes, offset: images.payloadOffset,
        labels: Array(labels.bytes[labels.payloadOffset...]), height: 28, width: 28,
        transform: Compose(ToTensor(), Normalize(mean: [0.5], standardDeviation: [0.5])))
    }
    override func trainDataLoader() -> DataLoader<LabeledImages> {
      DataLoader(set, batchSize: 10, shuffle: true)
    }
    override func validationDataLoader() -> DataLoader<LabeledImages>? {
      DataLoader(set, batchSize: 16)
    }
    override func testDataLoader() -> DataLoader<LabeledImages> { DataLoader(set, batchSize: 16) }
  }

  @Test func fromBytesToEventFile() async throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("levin-tour-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    let (images, labels) = files(200)
    let data = Data(
      try IDXArray(images, path: "images", elementType: .uint8, rank: 3),
      try IDXArray(labels, path: "labels", elementType: .uint8, rank: 1))

    var configuration = TrainerConfiguration()
    configuration.maxEpochs = 4
    configuration.logEveryNSteps = 10
    configuration.defaultRootDir = root.path
    configuration.enableProgressBar = false
    configuration.enableModelSummary = false
    let trainer = Trainer(configuration)
    let model = DigitModule()
    try await trainer.fit(model, dataModule: data)
    let results = try await trainer.test(model, dataModule: data, verbose: false)
    #expect(results[0]["test/acc"] ?? 0 > 0.9)

    let folder = root.path + "/lightning_logs/version_0"
    let run = try Run(directory: folder)
    #expect(run.problems.isEmpty)
    #expect(run.scalars("train/loss")?.steps == [9, 19, 29, 39, 49, 59, 69, 79])
    let losses = try #require(run.scalars("train/loss")?.values)
    #expect(losses[7] < losses[0])
    #expect(run.scalars("val/acc")?.steps == [19, 39, 59, 79])
    #expect(run.scalars("test/acc")?.steps == [80])
    let pictures = try run.images("val/inputs")
    #expect(pictures.map(\.step) == [0, 1, 2, 3])
    let picture = try PNG.decode(pictures[0].value.encoded)
    #expect(picture.width == 242)
    #expect(picture.height == 62)
    let targets = try run.texts("val/targets/text_summary")
    #expect(targets[0].value.text == "tensor([0, 7, 4, 1, 8, 5, 2, 9, 6, 3, 0, 7, 4, 1, 8, 5])")

    let checkpoint = try SafetensorsFile(path: folder + "/checkpoints/epoch=3-step=80.safetensors")
    let weight = try #require(checkpoint.entries.first { $0.name == "model.0.weight" })
    #expect(weight.entry.shape == [128, 784])
    let bytes: [UInt8] = model.parameters[0].value.withUnsafeBytes { Array($0) }
    #expect(weight.entry.bytes == bytes)
  }
}

import LevinData
import LevinTensor
import LevinVision
import Testing

@Suite struct TransformTests {
  /// One image of all 256 bytes.
  private func values(_ transform: Compose) throws -> [UInt32] {
    let images = ByteImages(
      pixels: Array(0...255), labels: [3], height: 16, width: 16, transform: transform)
    let batch = try images.batch(at: [0])
    #expect(batch.images.shape == [1, 1, 16, 16])
    return batch.images.scalars(as: Float.self).map(\.bitPattern)
  }

  private func transforms() -> [String: Compose] {
    [
      "to_tensor": Compose(ToTensor()),
      "half": Compose(ToTensor(), Normalize(mean: [0.5], standardDeviation: [0.5])),
      "mnist": Compose(ToTensor(), Normalize(mean: [0.1307], standardDeviation: [0.3081])),
      "twice": Compose(
        ToTensor(),
        Compose(
          Normalize(mean: [0.1], standardDeviation: [0.3]),
          Normalize(mean: [-0.7], standardDeviation: [1.9]))),
    ]
  }

  /// A step that does not change an image, but prevents the use of the table.
  struct Nothing: ImageTransform {
    func apply(to image: inout ImageSample, using random: inout SampleGenerator) {}
  }

  @Test func allBytesBecomeTorchsFloatsBitForBit() throws {
    let golden = try Golden.load("data/normalization.json", as: [String: [UInt32]].self)
    #expect(golden.count == 4)
    for (name, transform) in transforms() {
      #expect(try values(transform) == golden[name], "\(name)")
      // Processing image by image gives the same.
      #expect(try values(Compose(Nothing(), transform)) == golden[name], "\(name)")
    }
  }

  @Test func channelsHaveTheirOwnMeanAndDeviation() throws {
    let images = ByteImages(
      pixels: [0, 255, 0, 255, 0, 255], labels: [1], channels: 3, height: 1, width: 2,
      transform: Compose(
        ToTensor(), Normalize(mean: [0, 0.5, 1], standardDeviation: [1, 0.5, 0.25])))
    let batch = try images.batch(at: [0])
    #expect(batch.images.scalars(as: Float.self) == [0, 1, -1, 1, -4, 0])
  }

  @Test func rowsAndLabelsAreGatheredInTheOrderAskedFor() throws {
    let images = ByteImages(
      pixels: [99, 99, 10, 11, 20, 21, 30, 31], offset: 2, labels: [1, 2, 3], height: 1, width: 2,
      transform: Compose())
    let batch = try images.batch(at: [2, 0, 2])
    #expect(batch.images.scalars(as: Float.self) == [30, 31, 10, 11, 30, 31])
    #expect(batch.labels.scalars(as: Int64.self) == [3, 1, 3])
    #expect(Array(images.bytes(of: 1)) == [20, 21])
  }

  @Test func aTransformMayChangeTheSize() throws {
    struct LeftHalf: ImageTransform {
      func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
        let width = image.width / 2
        let kept = (0..<image.channels * image.height).flatMap {
          image.pixels[$0 * image.width..<$0 * image.width + width]
        }
        image = ImageSample(
          channels: image.channels, height: image.height, width: width, pixels: kept)
      }
    }
    let images = ByteImages(
      pixels: [1, 2, 3, 4, 5, 6, 7, 8], labels: [0], height: 2, width: 4,
      transform: Compose(LeftHalf()))
    let batch = try images.batch(at: [0])
    #expect(batch.images.shape == [1, 1, 2, 2])
    #expect(batch.images.scalars(as: Float.self) == [1, 2, 5, 6])
  }

  @Test func randomChangesDoNotDependOnTheWorkers() throws {
    struct Jitter: ImageTransform {
      func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
        for i in image.pixels.indices { image.pixels[i] += random.uniform(-1..<1) }
      }
    }
    let images = ByteImages(
      pixels: [UInt8](repeating: 100, count: 20 * 4), labels: [UInt8](repeating: 1, count: 20),
      height: 2, width: 2, transform: Compose(Jitter(), ToTensor()))
    func pass(_ workerCount: Int, _ batchSize: Int, seed: UInt64) -> [Float] {
      let loader = DataLoader(
        images, batchSize: batchSize, workerCount: workerCount, generator: Generator(seed: seed))
      return loader.flatMap { $0.images.scalars(as: Float.self) }
    }
    let alone = pass(0, 3, seed: 1)
    #expect(Set(alone).count > 75)
    #expect(pass(3, 3, seed: 1) == alone)
    #expect(pass(2, 7, seed: 1) == alone)
    #expect(pass(0, 3, seed: 2) != alone)
    let loader = DataLoader(images, batchSize: 20, generator: Generator(seed: 1))
    let passes = (0..<2).map { _ in loader.flatMap { $0.images.scalars(as: Float.self) } }
    #expect(passes[0] != passes[1])
  }
}

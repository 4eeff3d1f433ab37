import Foundation
import Levin

/// The files that `levin-bench data` and its peers read, made where they are missing.
struct DataFiles {
  let folder: String

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Pictures of `NAME-WIDTHxHEIGHT`, PNG files if the name says so and else JPEG files, in two classes: blurred noise,
  /// and sharp noise on it that makes the files as large as those of photographs (250 kbit a megapixel and more).
  func makePictures(_ name: String) throws {
    let counts = [
      "gray-390x320": 400, "gray-2048x2500": 24, "colour-500x375": 200, "png-gray-1024x1024": 60,
    ]
    let count = counts[name] ?? 0
    guard !FileManager.default.fileExists(atPath: path(name)) else { return }
    let size = name.split { $0 == "-" || $0 == "x" }.compactMap { Int($0) }
    let generator = LevinTensor.Generator(seed: 1)
    for i in 0..<count {
      let folder = path("\(name)/\(["a", "b"][i % 2])")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let channels = name.contains("gray") ? 1 : 3
      try writeImage(
        Self.picture(channels, height: size[1], width: size[0], generator),
        to: "\(folder)/\(i).\(name.hasPrefix("png") ? "png" : "jpg")",
        quality: size[0] > 1000 ? 95 : 90)
    }
  }

  private static func picture(
    _ channels: Int, height: Int, width: Int, _ generator: LevinTensor.Generator
  ) -> Tensor {
    let small = Tensor.rand([channels, height / 20 + 2, width / 20 + 2], generator: generator)
    var sample = ImageSample(
      channels: channels, height: small.shape[1], width: small.shape[2],
      pixels: small.scalars(as: Float.self))
    var random = SampleGenerator(drawingFrom: generator)
    Resize(.exactly(height: height, width: width), interpolation: .bicubic)
      .apply(to: &sample, using: &random)
    let smooth = Tensor(sample.pixels, shape: [channels, height, width])
    let noise = Tensor.randn([1, height, width], generator: generator)
    let deviation = width > 1000 ? 2 : channels == 1 ? 5 : 10
    let bytes = smooth * 220 + noise * deviation + 16
    return bytes.clamped(0, 255).to(.uint8)
  }

  /// The records of CIFAR-10's test images, of random bytes.
  func makeCIFAR() throws {
    let folder = path("cifar-10-batches-bin")
    guard !FileManager.default.fileExists(atPath: folder) else { return }
    var random = SampleGenerator(seed: 1, sample: 0)
    var bytes: [UInt8] = []
    for record in 0..<10_000 {
      bytes.append(UInt8(record % 10))
      for _ in 0..<384 { withUnsafeBytes(of: random.next()) { bytes += $0 } }
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/test_batch.bin"))
  }

  static let manyFiles = 100_000

  /// Empty files in ten classes.
  func makeManyFiles() throws {
    guard !FileManager.default.fileExists(atPath: path("folder")) else { return }
    for i in 0..<10 {
      let folder = path("folder/\(i)")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for file in 0..<Self.manyFiles / 10 {
        guard FileManager.default.createFile(atPath: "\(folder)/\(file).jpg", contents: nil) else {
          throw CocoaError(.fileWriteUnknown)
        }
      }
    }
  }
}

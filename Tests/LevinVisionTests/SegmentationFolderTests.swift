import Foundation
import LevinData
import LevinFormats
import LevinTensor
import LevinVision
import Testing

@Suite struct SegmentationFolderTests {
  /// A folder of two gray pictures, and one of their masks, the second with a palette.
  private func withFolders(_ body: (_ root: String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: root) }
    for name in ["images", "masks"] {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(name)", withIntermediateDirectories: true)
    }
    for (number, name) in ["a", "b"].enumerated() {
      let bytes = (0..<24).map { UInt8(10 * $0 + number) }
      try Picture(width: 6, height: 4, channels: 1, bytes: bytes).write(
        to: "\(root)/images/\(name).pgm")
    }
    let mask = Picture(width: 6, height: 4, channels: 1, bytes: (0..<24).map { $0 % 3 })
    try mask.write(to: "\(root)/masks/a.png")
    try Data(base64Encoded: Self.paletted)?.write(to: URL(filePath: "\(root)/masks/b.png"))
    try body(root)
  }

  /// Pillow's `P` picture of 6×4 pixels `x % 3`, with the palette [0, 0, 0, 255, 0, 0, 0, 255, 0].
  private static let paletted =
    "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAEAgMAAADQaqbQAAAACVBMVEUAAAD/AAAA/wD0g79+AAAAD0lE"
    + "QVR4nGOU8GBiYIAgAAQUAGhGK54DAAAAAElFTkSuQmCC"

  @Test func masksGoWithTheirPictures() throws {
    try withFolders { root in
      let folder = try SegmentationFolder(
        images: "\(root)/images", masks: "\(root)/masks",
        transform: Compose(RandomHorizontalFlip(probability: 1), ToTensor()), mode: .gray)
      #expect(folder.count == 2)
      let (images, masks) = try folder.batch(at: [0, 1])
      #expect(images.shape == [2, 1, 4, 6] && images.dtype == .float32)
      #expect(masks.shape == [2, 4, 6] && masks.dtype == .int64)
      #expect(masks[0, 0].scalars(as: Int64.self) == [2, 1, 0, 2, 1, 0])
      #expect(masks[1, 3].scalars(as: Int64.self) == [2, 1, 0, 2, 1, 0])
      let first = (0..<6).reversed().map { Float(10 * $0) / 255 }
      #expect(images[0, 0, 0].scalars(as: Float.self) == first)
    }
  }

  @Test func damagedFilesAreSkippedWithTheirMasks() throws {
    try withFolders { root in
      try Data([1, 2, 3]).write(to: URL(filePath: "\(root)/masks/a.png"))
      func open(_ damaged: DamagedImages) throws -> SegmentationFolder {
        try SegmentationFolder(
          images: "\(root)/images", masks: "\(root)/masks", transform: Compose(ToTensor()),
          mode: .gray, damaged: damaged)
      }
      let (images, masks) = try open(.skip).batch(at: [0, 1])
      #expect(images.shape == [1, 1, 4, 6] && masks.shape == [1, 4, 6])
      #expect(Float(images[0, 0, 0, 1].item()) == 11.0 / 255)
      #expect(masks[0, 0].scalars(as: Int64.self) == [0, 1, 2, 0, 1, 2])
      let error = #expect(throws: SampleError.self) { try open(.fail).batch(at: [1, 0]) }
      #expect("\(try #require(error))".contains("masks/a.png: byte 0: neither JPEG nor PNG"))
    }
  }

  @Test func wrongFilesAreNamed() throws {
    try withFolders { root in
      func open(_ values: [UInt8]? = nil) throws -> SegmentationFolder {
        try SegmentationFolder(
          images: "\(root)/images", masks: "\(root)/masks", transform: Compose(ToTensor()),
          values: values, mode: .gray)
      }
      let values = #expect(throws: SampleError.self) { try open([0, 2]).batch(at: [0]) }
      #expect(
        "\(try #require(values))".hasSuffix(
          "masks/a.png: found the value 1; expected one of [0, 2]"))
      try Picture(width: 5, height: 4, channels: 1, bytes: [UInt8](repeating: 0, count: 20))
        .write(to: "\(root)/masks/a.png")
      let size = #expect(throws: SampleError.self) { try open().batch(at: [0]) }
      #expect("\(try #require(size))".contains("found 5×4 pixels; expected 6×4, as in"))
      try FileManager.default.removeItem(atPath: "\(root)/masks/b.png")
      let missing = #expect(throws: SegmentationError.self) { try open() }
      #expect(
        "\(try #require(missing))".contains("b.pgm: found no mask for it; expected b.png in"))
    }
  }
}

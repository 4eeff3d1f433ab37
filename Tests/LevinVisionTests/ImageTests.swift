import Foundation
import LevinData
import LevinFormats
import LevinTensor
import LevinVision
import Testing

/// Whether JPEG files can be read here.
let hasTurboJPEG =
  (try? JPEG.encode(Picture(width: 1, height: 1, channels: 1, bytes: [0]))) != nil

@Suite(.enabled(if: hasTurboJPEG, "TurboJPEG is not installed")) struct ImageTests {

  static let golden = Golden.folder.appendingPathComponent("images").path

  @Test func imagesAreReadAsTensors() throws {
    let image = try readImage(Self.golden + "/rgb-420.jpg")
    #expect(image.shape == [3, 37, 53] && image.dtype == .uint8)
    let picture = try Picture(contentsOf: Self.golden + "/rgb-420.jpg")
    #expect(Picture(image) == picture)
    #expect(image[1, 2, 3].scalars(as: UInt8.self) == [picture.bytes[(2 * 53 + 3) * 3 + 1]])
    #expect(try readImage(Self.golden + "/gray-q90.jpg").shape == [1, 37, 53])
    #expect(try readImage(Self.golden + "/gray-q90.jpg", mode: .rgb).shape == [3, 37, 53])
    #expect(try readImage(Self.golden + "/cmyk.jpg", mode: .rgba).shape == [4, 37, 53])
    let turned = try readImage(Self.golden + "/orientation-6.jpg", appliesOrientation: true)
    #expect(turned.shape == [3, 53, 37])
    #expect(try readImage(Self.golden + "/orientation-6.jpg").shape == [3, 37, 53])
  }

  @Test func errorsNameTheFileAndTheByte() throws {
    try withTemporaryFolder { folder in
      func message(_ bytes: [UInt8]) throws -> String {
        let path = folder + "/picture.jpg"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        do {
          _ = try readImage(path)
          return ""
        } catch {
          return "\(error)".replacingOccurrences(of: path, with: "P")
        }
      }
      let file = Array(try Data(contentsOf: URL(fileURLWithPath: Self.golden + "/rgb-q75.jpg")))
      #expect(try message([]) == "P: byte 0: an empty file")
      #expect(
        try message(Array(file.dropLast(100)))
          == "P: byte \(file.count - 100): the JPEG file is cut short")
      #expect(try message(Array("GIF89a".utf8)).hasPrefix("P: byte 0: neither JPEG nor PNG"))
      let error = #expect(throws: ImageFileError.self) { try readImage(folder) }
      #expect(
        error?.description
          == "cannot read '\(folder)': Is a directory. Name a file, not a folder.")
      let half = try Picture(
        decoding: Array(file.dropLast(100)), path: "P", acceptsTruncated: true)
      #expect(half.width == 53)
    }
  }

  @Test func imagesAreWrittenAndReadAgain() throws {
    try withTemporaryFolder { folder in
      let image = try readImage(Self.golden + "/rgb-q95.jpg")
      for name in ["a.png", "a.PPM"] {
        try writeImage(image, to: folder + "/" + name)
        #expect(
          try readImage(folder + "/" + name).scalars(as: UInt8.self)
            == image.scalars(as: UInt8.self))
      }
      try writeImage(image, to: folder + "/a.jpeg", quality: 100)
      let again = try readImage(folder + "/a.jpeg")
      let differences = zip(again.scalars(as: UInt8.self), image.scalars(as: UInt8.self))
        .map { abs(Int($0) - Int($1)) }
      #expect(differences.reduce(0, +) < 8 * differences.count)
      #expect(throws: ImageFileError.self) { try writeImage(image, to: folder + "/a.gif") }
      // Floats are scaled, rounded and cut.
      let floats = Tensor([-1, 0, 0.5, 0.999, 1, 7] as [Float], shape: [1, 2, 3])
      try saveImage(floats, to: folder + "/b.png")
      #expect(
        try readImage(folder + "/b.png", mode: .gray).scalars(as: UInt8.self)
          == [0, 0, 128, 255, 255, 255])
    }
  }
}

import Foundation
import LevinFormats
import Testing

/// Whether JPEG files can be read here.
let hasTurboJPEG =
  (try? JPEG.encode(Picture(width: 1, height: 1, channels: 1, bytes: [0]))) != nil

/// Files that Pillow wrote, and the pixels that it reads (scripts/golden/make_images.py).
@Suite(.enabled(if: hasTurboJPEG, "TurboJPEG is not installed")) struct JPEGTests {

  struct Record: Decodable {
    var name: String
    var width, height: Int
    var mode, rgb, gray: String
    var oriented: String?
    var drafts: [String]?
    var truncated: String?
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try GoldenFile.bytes(name, in: "images")
  }

  static func records() throws -> [Record] {
    try JSONDecoder().decode([Record].self, from: Data(bytes("jpeg.json")))
  }

  static func digest(_ picture: Picture) -> String { SHA256.hexadecimal(of: picture.bytes) }

  @Test func everyFileHasPillowsPixels() throws {
    let records = try Self.records()
    #expect(records.count > 45)
    for record in records {
      let file = try Self.bytes(record.name + ".jpg")
      let picture = try JPEG.decode(file)
      #expect(picture.width == record.width && picture.height == record.height)
      #expect(picture.channels == (record.mode == "L" ? 1 : 3))
      let rgb = picture.converted(to: .rgb)
      #expect(Self.digest(rgb) == record.rgb, "\(record.name)")
      #expect(try JPEG.decode(file, channels: .rgb) == rgb, "\(record.name)")
      #expect(Self.digest(picture.converted(to: .gray)) == record.gray, "\(record.name)")
      if let oriented = record.oriented {
        let information = try JPEG.information(file)
        #expect(record.name == "orientation-\(information.orientation)")
        #expect(Self.digest(rgb.oriented(information.orientation)) == oriented, "\(record.name)")
      }
    }
  }

  @Test func smallerScalesArePillowsDrafts() throws {
    let records = try Self.records().filter { $0.drafts != nil }
    #expect(records.count == 4)
    for record in records {
      let file = try Self.bytes(record.name + ".jpg")
      for (scale, draft) in zip([2, 4, 8], record.drafts ?? []) {
        let least = (record.width / scale, record.height / scale)
        let picture = try JPEG.decode(file, least: least)
        #expect(Self.digest(picture) == draft, "\(record.name) 1/\(scale)")
        #expect(picture.width == (record.width + scale - 1) / scale)
        // A pixel more is not to be had at this scale.
        let more = try JPEG.decode(file, least: (least.0 + 1, least.1))
        #expect(more.width > picture.width)
      }
    }
  }

  @Test func brightnessIsStoredBrightness() throws {
    let gray = try JPEG.decode(Self.bytes("rgb-q100.jpg"), channels: .gray)
    let converted = try JPEG.decode(Self.bytes("rgb-q100.jpg")).converted(to: .gray)
    #expect(gray.channels == 1 && gray.width == 53)
    let differences = zip(gray.bytes, converted.bytes).map { abs(Int($0) - Int($1)) }
    #expect(differences.max() ?? 0 <= 26)
    #expect(differences.reduce(0, +) < 2 * differences.count)
  }

  @Test func aFileThatEndsEarlyIsAnErrorUnlessAccepted() throws {
    for record in try Self.records() where record.truncated != nil {
      let file = try Self.bytes(record.name + ".jpg")
      let part = Array(file.prefix(file.count * 2 / 3))
      let error = #expect(throws: JPEGError.self, "\(record.name)") { try JPEG.decode(part) }
      #expect(error?.offset == part.count && error?.problem == .truncated)
      let picture = try JPEG.decode(part, acceptsTruncated: true)
      #expect(Self.digest(picture) == record.truncated, "\(record.name)")
      // Pillow refuses a file without its last two bytes, too.
      #expect(throws: JPEGError.self) { try JPEG.decode(Array(file.dropLast(2))) }
    }
  }

  @Test func writtenFilesArePillows() throws {
    struct Scene: Decodable {
      var width, height: Int
      var pixels: [UInt8]
    }
    struct Written: Decodable {
      var channels, quality, subsampling, count: Int
      var sha256: String
    }
    let written = try JSONDecoder().decode([Written].self, from: Data(Self.bytes("written.json")))
    #expect(written.count == 28)
    for channels in [1, 3] {
      let scene = try JSONDecoder().decode(
        Scene.self, from: Data(Self.bytes("scene-\(channels).json")))
      let picture = Picture(
        width: scene.width, height: scene.height, channels: channels, bytes: scene.pixels)
      for one in written where one.channels == channels {
        let file = try JPEG.encode(
          picture, quality: one.quality,
          subsampling: [.none, .horizontal, .both][one.subsampling])
        #expect(file.count == one.count)
        #expect(SHA256.hexadecimal(of: file) == one.sha256, "\(one)")
      }
    }
  }

  @Test func conversionsArePillows() throws {
    struct Conversion: Decodable {
      var pixels: [UInt8]
      var converted: [String: [UInt8]]
    }
    let all = try JSONDecoder().decode(
      [String: Conversion].self, from: Data(Self.bytes("conversions.json")))
    let modes: [String: Picture.Mode] = ["L": .gray, "LA": .grayAlpha, "RGB": .rgb, "RGBA": .rgba]
    for (name, conversion) in all {
      let picture = Picture(
        width: 14, height: 9, channels: modes[name]!.channels, bytes: conversion.pixels)
      for (target, expected) in conversion.converted {
        #expect(picture.converted(to: modes[target]!).bytes == expected, "\(name) to \(target)")
      }
    }
  }

  /// Any cut and any changed byte gives a picture or an error; it never traps.
  @Test func damage() throws {
    for name in ["gray-15x16", "rgb-15x16", "cmyk", "rgb-420-progressive", "orientation-6"] {
      let file = try Self.bytes(name + ".jpg")
      for count in stride(from: 0, to: file.count, by: file.count / 90) {
        #expect(throws: JPEGError.self, "\(name) \(count)") {
          try JPEG.decode(Array(file[..<count]))
        }
        _ = try? JPEG.decode(Array(file[..<count]), acceptsTruncated: true)
      }
      for place in stride(from: 0, to: file.count, by: 3) {
        var changed = file
        changed[place] ^= 0x41
        _ = try? JPEG.decode(changed, maximumPixels: 1 << 22)
      }
    }
  }

  @Test func messages() throws {
    func message(_ bytes: [UInt8], limit: Int = 1 << 26) -> String {
      do throws(JPEGError) {
        _ = try JPEG.decode(bytes, maximumPixels: limit)
        return ""
      } catch {
        return error.description
      }
    }
    let file = try Self.bytes("gray-8x8.jpg")
    #expect(message([]) == "byte 0: an empty file")
    #expect(message(Array("hello".utf8)) == "byte 0: not a JPEG file: it begins with 0x68 0x65")
    #expect(message([0xff, 0xd8]) == "byte 2: the JPEG file is cut short")
    #expect(message([0xff, 0xd8, 0]) == "byte 2: found 0x00, expected a marker (0xff)")
    #expect(message([0xff, 0xd8, 0xff, 0xd9]) == "byte 2: the file ends without a picture")
    #expect(message(file, limit: 63) == "byte 0: 8×8 pixels are more than the limit of 63")
    #expect(message(Array(file[..<30])) == "byte 30: the JPEG file is cut short")
    let frame = try #require(file.indices.first { file[$0...].starts(with: [0xff, 0xc0]) })
    var changed = file
    changed[frame + 4] = 12
    #expect(
      message(changed)
        == "byte \(frame): JPEG of 12 bits is not read; expected 8 bits, baseline or progressive. Convert the file."
    )
    // 60,000 × 60,000 pixels, which 300 bytes cannot hold.
    changed = file
    changed.replaceSubrange(frame + 5..<frame + 9, with: [0xea, 0x60, 0xea, 0x60])
    #expect(message(changed).contains("more than the limit"))
    #expect(message(changed, limit: .max) == "byte \(file.count): the JPEG file is cut short")
    changed = file
    changed[frame + 9] = 2
    #expect(message(changed).hasPrefix("byte \(frame): "))
    // A quantization table that the frame names and the file lacks.
    changed = file
    changed[frame + 12] = 3
    #expect(message(changed).contains("the JPEG picture is damaged: "))
  }

  @Test func aMissingLibraryIsNamed() async {
    await #expect(processExitsWith: .success) {
      setenv("LEVIN_TURBOJPEG", "/nowhere/libturbojpeg.so", 1)
      let file = try JPEGTests.bytes("gray-8x8.jpg")
      let error = #expect(throws: JPEGError.self) { try JPEG.decode(file) }
      #expect(error?.problem == .noLibrary)
      #expect(error?.description.contains("apt-get install libturbojpeg0") == true)
      #expect(try JPEG.information(file).width == 8)
    }
  }
}

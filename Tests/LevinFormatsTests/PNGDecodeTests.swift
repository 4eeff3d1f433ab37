import Foundation
import LevinFormats
import Testing

/// Every colour type, depth, filter and interlacing, against Pillow.
@Suite struct PNGDecodeTests {
  struct Record: Decodable {
    var name: String
    var png: Data
    var rgba: Data
  }

  static func pictures() throws -> [Record] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/png/pictures.json")
    return try JSONDecoder().decode([Record].self, from: Data(contentsOf: path))
  }

  /// The pixels as RGBA, as Pillow's convert gives them.
  static func rgba(_ pixels: Picture) -> [UInt8] {
    stride(from: 0, to: pixels.bytes.count, by: pixels.channels).flatMap { place -> [UInt8] in
      let pixel = pixels.bytes[place..<place + pixels.channels]
      let first = pixel[place]
      switch pixels.channels {
      case 1: return [first, first, first, 255]
      case 2: return [first, first, first, pixel[place + 1]]
      case 3: return Array(pixel) + [255]
      default: return Array(pixel)
      }
    }
  }

  @Test func everyKind() throws {
    let pictures = try Self.pictures()
    #expect(pictures.count == 42)
    for picture in pictures {
      let pixels = try PNG.decode(Array(picture.png))
      #expect(pixels.width == 13 && pixels.height == 11)
      #expect(Self.rgba(pixels) == Array(picture.rgba), "\(picture.name)")
    }
  }

  @Test func encoderAndDecoderAgree() throws {
    for channels in 1...4 {
      let bytes = (0..<7 * 5 * channels).map { UInt8(truncatingIfNeeded: $0 * $0 * 7) }
      let file = PNG.encode(width: 7, height: 5, channels: channels, pixels: bytes)
      let pixels = try PNG.decode(file)
      #expect(pixels.bytes == bytes && pixels.channels == channels)
    }
  }

  /// Any cut and any changed byte throws or still gives a picture; it never traps.
  @Test func damage() throws {
    let files = try Self.pictures().prefix(30).map { Array($0.png) }
    for (number, file) in files.enumerated() {
      for count in stride(from: number % 7, to: file.count, by: 7) {
        #expect(throws: PNGError.self) { try PNG.decode(Array(file[..<count])) }
      }
      for place in stride(from: 8 + number % 5, to: file.count, by: 5) {
        var changed = file
        changed[place] ^= 0x41
        #expect(throws: PNGError.self) { try PNG.decode(changed) }
      }
    }
  }

  @Test func messages() throws {
    func message(_ bytes: [UInt8], limit: Int = 1 << 26) -> String {
      do throws(PNGError) {
        _ = try PNG.decode(bytes, maximumPixels: limit)
        return ""
      } catch {
        return error.description
      }
    }
    let file = PNG.encode(
      width: 7, height: 5, channels: 1, pixels: [UInt8](repeating: 3, count: 35))
    #expect(message([1, 2, 3]) == "byte 0: not a PNG file")
    #expect(
      message(Array(file.dropLast(3))) == "byte \(file.count - 12): the PNG file is cut short")
    #expect(message(file, limit: 34) == "byte 8: 7×5 pixels are more than the limit of 34")
    var changed = file
    changed[20] ^= 1
    #expect(message(changed) == "byte 8: the checksum of the chunk IHDR does not match")
  }
}

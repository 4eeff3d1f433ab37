/// Portable gray and pixel maps (PGM `P5`, PPM `P6`) of bytes.
public enum PortableMap {
  /// What is wrong with a file, and at which byte.
  public struct DecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The byte at which the problem was found.
    public let offset: Int
    /// What was found and expected.
    public let problem: String
    /// The problem in one line.
    public var description: String { "byte \(offset): \(problem)" }
  }

  /// The pixels of a file with values of at most 255, which are scaled to 0…255.
  public static func decode(
    _ file: [UInt8], maximumPixels: Int = Picture.maximumPixels
  ) throws(DecodingError) -> Picture {
    guard file.starts(with: [0x50, 0x35]) || file.starts(with: [0x50, 0x36]) else {
      throw DecodingError(offset: 0, problem: "found no P5 or P6, with which such files begin")
    }
    let channels = file[1] == 0x35 ? 1 : 3
    var offset = 2
    var numbers: [Int] = []
    while numbers.count < 3 { numbers.append(try number(file, &offset)) }
    let (width, height, limit) = (numbers[0], numbers[1], numbers[2])
    guard width > 0, height > 0, width <= maximumPixels / height else {
      throw DecodingError(
        offset: 2,
        problem: "found \(width)×\(height) pixels, expected at least 1 and at most \(maximumPixels)"
      )
    }
    guard (1...255).contains(limit) else {
      throw DecodingError(
        offset: offset, problem: "found a greatest value of \(limit), expected 1 to 255")
    }
    let count = width * height * channels
    guard file.count - offset > count else {
      throw DecodingError(
        offset: file.count, problem: "the file is cut short: expected \(count) bytes of pixels")
    }
    let pixels = Array(file[offset + 1..<offset + 1 + count])
    let bytes = limit == 255 ? pixels : pixels.map { UInt8(min(Int($0), limit) * 255 / limit) }
    return Picture(width: width, height: height, channels: channels, bytes: bytes)
  }

  /// Encodes a picture as PGM if it is gray, otherwise as PPM; opacity is dropped.
  public static func encode(_ picture: Picture) -> [UInt8] {
    let opaque = picture.converted(to: picture.channels <= 2 ? .gray : .rgb)
    let head = "P\(opaque.channels == 1 ? 5 : 6)\n\(opaque.width) \(opaque.height)\n255\n"
    return Array(head.utf8) + opaque.bytes
  }

  /// The next number after blanks and comments.
  private static func number(_ file: [UInt8], _ offset: inout Int) throws(DecodingError) -> Int {
    while offset < file.count, [0x20, 0x09, 0x0a, 0x0d, 0x23].contains(file[offset]) {
      if file[offset] == 0x23 {
        while offset < file.count, file[offset] != 0x0a { offset += 1 }
      } else {
        offset += 1
      }
    }
    let start = offset
    var value = 0
    while offset < file.count, (0x30...0x39).contains(file[offset]), value < 1 << 32 {
      value = value * 10 + Int(file[offset] - 0x30)
      offset += 1
    }
    guard offset > start else {
      throw DecodingError(offset: start, problem: "found no number in the header")
    }
    return value
  }
}

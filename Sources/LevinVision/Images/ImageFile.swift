public import LevinFormats
internal import LevinSystem

/// The channels of a picture that ``readImage(_:mode:appliesOrientation:)`` returns.
public enum ImageReadMode: String, Sendable, Hashable, Codable, CaseIterable {
  /// Those of the file; palettes become RGB, or RGBA if they have transparency, and CMYK becomes RGB.
  case unchanged
  /// One channel; of a JPEG file in colour its stored brightness.
  case gray
  /// Gray and opacity.
  case grayAlpha = "gray_alpha"
  /// Red, green, blue.
  case rgb
  /// Red, green, blue, opacity.
  case rgba
  /// One channel: of a PNG file with a palette the numbers of its colours, as in masks of classes; otherwise gray.
  case numbers

  var mode: Picture.Mode? {
    switch self {
    case .unchanged: nil
    case .gray, .numbers: .gray
    case .grayAlpha: .grayAlpha
    case .rgb: .rgb
    case .rgba: .rgba
    }
  }
}

extension Picture {
  /// Reads a JPEG or PNG file, or a PGM or PPM file of bytes; its first bytes decide which, not its name.
  ///
  /// - Parameters:
  ///   - mode: The channels of the result. Gray of a JPEG file in colour is its stored brightness, as torchvision's;
  ///     ``Picture/converted(to:)`` of the picture in colour is Pillow's.
  ///   - appliesOrientation: Whether a photograph is turned as its EXIF data says.
  ///   - least: If given, JPEG files are decoded at 1/2, 1/4 or 1/8 of their size, but at least as wide and high as
  ///     this.
  ///   - acceptsTruncated: Whether a JPEG file that ends early gives the pixels up to there.
  /// - Throws: ``ImageFileError``, which names the file and the byte.
  public init(
    contentsOf path: String, mode: ImageReadMode = .unchanged, appliesOrientation: Bool = false,
    least: (width: Int, height: Int)? = nil, acceptsTruncated: Bool = false
  ) throws(ImageFileError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileBytes.read(path)
    } catch {
      throw ImageFileError(path: path, problem: .unreadable("\(error)"))
    }
    try self.init(
      decoding: bytes, path: path, mode: mode, appliesOrientation: appliesOrientation,
      least: least, acceptsTruncated: acceptsTruncated)
  }

  /// Decodes the bytes of a file, as ``Picture/init(contentsOf:mode:appliesOrientation:least:acceptsTruncated:)``.
  ///
  /// - Parameter path: The name of the file in errors.
  public init(
    decoding file: [UInt8], path: String, mode: ImageReadMode = .unchanged,
    appliesOrientation: Bool = false, least: (width: Int, height: Int)? = nil,
    acceptsTruncated: Bool = false
  ) throws(ImageFileError) {
    do {
      try self.init(file, mode, appliesOrientation, least, acceptsTruncated)
    } catch {
      throw ImageFileError(path: path, problem: .damaged("\(error)"))
    }
  }

  private init(
    _ file: [UInt8], _ mode: ImageReadMode, _ appliesOrientation: Bool,
    _ least: (width: Int, height: Int)?, _ acceptsTruncated: Bool
  ) throws {
    var picture: Picture
    switch ImageFormat(of: file) {
    case .jpeg:
      let channels: JPEG.Channels =
        switch mode {
        case .unchanged: .asStored
        case .gray, .grayAlpha, .numbers: .gray
        case .rgb, .rgba: .rgb
        }
      picture = try JPEG.decode(
        file, channels: channels, least: least, acceptsTruncated: acceptsTruncated)
      if appliesOrientation {
        picture = picture.oriented(try JPEG.information(file).orientation)
      }
    case .png:
      picture =
        mode == .numbers
        ? try PNG.decodeNumbers(file, maximumPixels: Picture.maximumPixels)
        : try PNG.decode(file, maximumPixels: Picture.maximumPixels)
    case .portableMap: picture = try PortableMap.decode(file)
    case nil: throw UnknownFormat(start: Array(file.prefix(4)))
    }
    self = mode.mode.map { picture.converted(to: $0) } ?? picture
  }

  private struct UnknownFormat: Error, CustomStringConvertible {
    let start: [UInt8]
    var description: String {
      start.isEmpty
        ? "byte 0: an empty file"
        : "byte 0: neither JPEG nor PNG, PGM or PPM: the file begins with "
          + start.map { ($0 < 16 ? "0x0" : "0x") + String($0, radix: 16) }.joined(separator: " ")
    }
  }
}

/// The formats of pictures, by their first bytes.
enum ImageFormat {
  case jpeg, png, portableMap

  init?(of file: [UInt8]) {
    if file.starts(with: [0xff, 0xd8]) {
      self = .jpeg
    } else if file.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
      self = .png
    } else if file.starts(with: [0x50, 0x35]) || file.starts(with: [0x50, 0x36]) {
      self = .portableMap
    } else {
      return nil
    }
  }
}

/// A file that is not a picture, or that cannot be read or written.
public struct ImageFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of problem.
  public enum Problem: Hashable, Sendable {
    /// The system refuses; the text is its reason, with the path.
    case unreadable(String)
    /// The bytes are not those of a picture; the text says where and why.
    case damaged(String)
    /// No format of this name is written.
    case unknownExtension
  }
  /// The file.
  public let path: String
  /// What is wrong.
  public let problem: Problem

  /// The file, the byte, and what is wrong.
  public var description: String {
    switch problem {
    case .unreadable(let text): text
    case .damaged(let text): "\(path): \(text)"
    case .unknownExtension:
      "\(path): found a name of an unknown format; expected .png, .jpg, .jpeg, .pgm or .ppm"
    }
  }
}

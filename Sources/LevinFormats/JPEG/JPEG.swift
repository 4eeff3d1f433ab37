internal import CLevinJPEG
internal import LevinSystem

/// JPEG pictures of 8 bits, baseline and progressive, read and written by the system's TurboJPEG.
///
/// The library is loaded with the first picture. Without it every call throws ``JPEGError/Problem/noLibrary``, which
/// names its package.
public enum JPEG {
  /// The channels to decode.
  public enum Channels: Sendable, Hashable {
    /// Gray files as gray, all others as RGB.
    case asStored
    /// Gray; of files in colour the stored brightness, without decoding the colours. It differs a little from
    /// ``Picture/converted(to:)``.
    case gray
    /// RGB; gray files as three equal channels.
    case rgb
  }

  /// What is known before the pixels are decoded.
  public struct Information: Sendable, Hashable {
    /// The width and the height in pixels.
    public let width, height: Int
    /// 1 gray, 3 colours, 4 CMYK.
    public let components: Int
    /// How a viewer turns the picture, 1 to 8 (``Picture/oriented(_:)``).
    public let orientation: Int
  }

  /// The size, the components and the orientation of a file; needs no library.
  public static func information(_ file: [UInt8]) throws(JPEGError) -> Information {
    let header = try JPEGHeader(file)
    return Information(
      width: header.width, height: header.height, components: header.components,
      orientation: header.orientation)
  }

  /// The pixels of a JPEG file, the same as Pillow's.
  ///
  /// CMYK becomes RGB as in Pillow's `convert("RGB")`. Colour profiles and the EXIF orientation are not applied. The
  /// memory is that of the pixels and of the decoder, and is bounded by the length of the file unless its coefficients
  /// are packed arithmetically.
  ///
  /// - Parameters:
  ///   - least: If given, the picture is decoded at 1/2, 1/4 or 1/8 of its size, as small as possible but at least as
  ///     wide and high as this, which is faster and gives other pixels than resizing (Pillow's `draft`).
  ///   - acceptsTruncated: Whether a file that ends early gives the pixels up to there, and gray below, instead of an
  ///     error (Pillow's `LOAD_TRUNCATED_IMAGES`).
  public static func decode(
    _ file: [UInt8], channels: Channels = .asStored, least: (width: Int, height: Int)? = nil,
    acceptsTruncated: Bool = false, maximumPixels: Int = Picture.maximumPixels
  ) throws(JPEGError) -> Picture {
    let header = try JPEGHeader(file)
    guard header.width <= maximumPixels / header.height else {
      throw JPEGError(
        offset: 0,
        problem: .tooLarge(width: header.width, height: header.height, limit: maximumPixels))
    }
    // Huffman codes need a bit for each block of 8×8, so a short file cannot claim much memory.
    guard
      header.isArithmetic || acceptsTruncated || header.width * header.height / 512 <= file.count
    else { throw JPEGError(offset: file.count, problem: .truncated) }
    let scale = least.map { header.scale(least: $0) } ?? 1
    let (width, height) = (
      (header.width + scale - 1) / scale, (header.height + scale - 1) / scale
    )
    let isCMYK = header.components == 4
    let isGray = !isCMYK && (channels == .gray || channels == .asStored && header.components == 1)
    let format = isCMYK ? LevinJPEGCMYK : isGray ? LevinJPEGGray : LevinJPEGRGB
    let stored = isCMYK ? 4 : isGray ? 1 : 3
    var result = Int32(LevinJPEGFailed)
    var message = [CChar](repeating: 0, count: 256)
    let bytes = [UInt8](unsafeUninitializedCapacity: width * height * stored) { pixels, count in
      // What is not decoded must not show other memory.
      if acceptsTruncated { pixels.initialize(repeating: 128) }
      if let start = pixels.baseAddress {
        result = levin_jpeg_decode(
          file, file.count, start, Int32(width), Int32(height), Int32(format), &message)
      }
      count = width * height * stored
    }
    try check(result, text(message), file, header, acceptsTruncated)
    guard isCMYK else {
      return Picture(width: width, height: height, channels: stored, bytes: bytes)
    }
    let picture = Picture(width: width, height: height, channels: 3, bytes: rgb(ofCMYK: bytes))
    return channels == .gray ? picture.converted(to: .gray) : picture
  }

  private static func check(
    _ result: Int32, _ message: String, _ file: [UInt8], _ header: JPEGHeader,
    _ acceptsTruncated: Bool
  ) throws(JPEGError) {
    switch Int(result) {
    case LevinJPEGDone: return
    case LevinJPEGNoLibrary: throw JPEGError(offset: 0, problem: .noLibrary)
    case LevinJPEGDoubtful where warnings.contains(where: { message.hasPrefix($0) }):
      // Pillow accepts these warnings, such as that of superfluous bytes before a marker, if the file has its end.
      guard !acceptsTruncated, message.hasPrefix("Premature end") || !hasEnd(file, header.scan)
      else { return }
      throw JPEGError(offset: file.count, problem: .truncated)
    default:
      // A file that is cut between two scans is damaged in the library's words.
      throw hasEnd(file, header.scan)
        ? JPEGError(offset: header.scan, problem: .library(message))
        : JPEGError(offset: file.count, problem: .truncated)
    }
  }

  /// How libjpeg's warnings about scans begin; everything else is an error, after which there are no pixels.
  private static let warnings = [
    "Premature end of JPEG file", "Corrupt JPEG data", "Inconsistent progression sequence",
    "Unknown Adobe color transform", "Warning: unknown JFIF",
    "Invalid SOS parameters for sequential",
  ]

  private static func hasEnd(_ file: [UInt8], _ start: Int) -> Bool {
    zip(file[start...], file[start...].dropFirst()).contains { $0 == 0xff && $1 == 0xd9 }
  }

  static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// CMYK is stored inverted, as Adobe's programs do: 255 is no ink.
  private static func rgb(ofCMYK stored: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: stored.count / 4 * 3)
    for i in 0..<stored.count / 4 {
      let light = Int(stored[4 * i + 3])
      for channel in 0..<3 {
        let product = (255 - Int(stored[4 * i + channel])) * light + 128
        result[3 * i + channel] = UInt8(max(0, light - (product >> 8 + product) >> 8))
      }
    }
    return result
  }
}

extension JPEGHeader {
  /// The greatest of 8, 4, 2 and 1 by which the picture can be divided and still be as large as `least`.
  fileprivate func scale(least: (width: Int, height: Int)) -> Int {
    [8, 4, 2].first { width / max(least.width, 1) >= $0 && height / max(least.height, 1) >= $0 }
      ?? 1
  }
}

internal import CLevinJPEG
internal import LevinSystem

extension JPEG {
  /// How many pixels share a value of colour.
  public enum Subsampling: Sendable, Hashable, CaseIterable {
    /// 4:4:4: each pixel has its own colour.
    case none
    /// 4:2:2: two pixels side by side.
    case horizontal
    /// 4:2:0: squares of four pixels.
    case both
  }

  /// Encodes a picture as a baseline JPEG file, with the bytes that Pillow writes.
  ///
  /// Opacity is dropped.
  ///
  /// - Parameters:
  ///   - quality: 1 to 100; traps otherwise.
  ///   - subsampling: Ignored for gray pictures.
  public static func encode(
    _ picture: Picture, quality: Int = 75, subsampling: Subsampling = .both
  ) throws(JPEGError) -> [UInt8] {
    guard (1...100).contains(quality) else {
      fail("JPEG.encode", "quality \(quality)", expected: "1 to 100")
    }
    guard (1...65500).contains(picture.width), (1...65500).contains(picture.height) else {
      fail("JPEG.encode", "\(picture)", expected: "1 to 65,500 pixels on each side")
    }
    let isGray = picture.channels <= 2
    let opaque = picture.converted(to: isGray ? .gray : .rgb)
    let samples: Int32 =
      switch subsampling {
      case _ where isGray: 3
      case .none: 0
      case .horizontal: 1
      case .both: 2
      }
    var file: [UInt8] = []
    var message = [CChar](repeating: 0, count: 256)
    let result = withUnsafeMutablePointer(to: &file) { file in
      levin_jpeg_encode(
        opaque.bytes, Int32(opaque.width), Int32(opaque.height),
        Int32(isGray ? LevinJPEGGray : LevinJPEGRGB), samples, Int32(quality), file,
        { file, bytes, count in
          file?.assumingMemoryBound(to: [UInt8].self).pointee = Array(
            UnsafeBufferPointer(start: bytes, count: count))
        }, &message)
    }
    guard Int(result) != LevinJPEGNoLibrary else {
      throw JPEGError(offset: 0, problem: .noLibrary)
    }
    guard Int(result) == LevinJPEGDone else {
      throw JPEGError(offset: 0, problem: .library(text(message)))
    }
    return file
  }
}

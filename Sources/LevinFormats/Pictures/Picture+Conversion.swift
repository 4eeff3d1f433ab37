extension Picture {
  /// The channels of a picture.
  public enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
    /// One channel of brightness, Pillow's `L`.
    case gray
    /// Brightness and opacity, Pillow's `LA`.
    case grayAlpha = "gray_alpha"
    /// Red, green and blue.
    case rgb
    /// Red, green, blue and opacity.
    case rgba

    /// The number of channels.
    public var channels: Int {
      switch self {
      case .gray: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgba: 4
      }
    }
  }

  /// The picture in other channels, with the bytes of Pillow's `convert`.
  ///
  /// Gray is `(19595 R + 38470 G + 7471 B + 32768) / 65536` (ITU-R 601-2), and becomes three equal channels. Opacity
  /// is dropped, not blended; new opacity is 255.
  public func converted(to mode: Mode) -> Picture {
    let (from, to) = (channels, mode.channels)
    guard from != to else { return self }
    let count = width * height
    let result = [UInt8](unsafeUninitializedCapacity: count * to) { output, written in
      bytes.withUnsafeBufferPointer { input in
        for i in 0..<count {
          let (source, target) = (i * from, i * to)
          if to <= 2 {
            output[target] =
              from <= 2
              ? input[source]
              : Self.gray(input[source], input[source + 1], input[source + 2])
          } else {
            for channel in 0..<3 {
              output[target + channel] = input[source + (from <= 2 ? 0 : channel)]
            }
          }
          if to % 2 == 0 {
            output[target + to - 1] = from % 2 == 0 ? input[source + from - 1] : 255
          }
        }
      }
      written = count * to
    }
    return Picture(width: width, height: height, channels: to, bytes: result)
  }

  /// The brightness of a colour, as Pillow computes it.
  @inline(__always)
  package static func gray(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    UInt8(
      truncatingIfNeeded: (19595 * UInt32(red) + 38470 * UInt32(green) + 7471 * UInt32(blue)
        + 32768) >> 16)
  }
}

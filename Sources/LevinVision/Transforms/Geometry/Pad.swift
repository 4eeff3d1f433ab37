public import LevinData
internal import LevinSystem

/// What is added around an image.
public enum ImagePaddingMode: String, Sendable, Hashable, Codable, CaseIterable {
  /// One value.
  case constant
  /// The nearest pixel of the edge.
  case edge
  /// The image mirrored at the pixels of the edge, which are not repeated.
  case reflect
  /// The image mirrored with the pixels of the edge repeated.
  case symmetric
}

/// The number of pixels added at each side.
public struct ImagePadding: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral {
  /// The pixels at each side; negative numbers cut off.
  public var left, top, right, bottom: Int

  /// One number for each side.
  public init(left: Int, top: Int, right: Int, bottom: Int) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }
  /// One number for left and right, one for top and bottom.
  public init(horizontal: Int, vertical: Int) {
    self.init(left: horizontal, top: vertical, right: horizontal, bottom: vertical)
  }
  /// One number for all sides.
  public init(integerLiteral value: Int) { self.init(horizontal: value, vertical: value) }
}

/// Adds pixels around images, as `torchvision.transforms.Pad`.
public struct Pad: ImageTransform {
  /// The pixels at each side.
  public let padding: ImagePadding
  /// The value that is added: one number or one for each channel, 0…255 for bytes.
  public let fill: [Float]
  /// What is added.
  public let mode: ImagePaddingMode

  /// - Parameter fill: One number or one for each channel, 0…255 for bytes; traps if there is none.
  public init(_ padding: ImagePadding, fill: [Float] = [0], mode: ImagePaddingMode = .constant) {
    guard !fill.isEmpty else { fail("Pad", "no fill", expected: "one number or one per channel") }
    self.padding = padding
    self.fill = fill
    self.mode = mode
  }

  /// Pads `image`; draws nothing.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    image.pad(padding, fill: fill, mode)
  }
}

extension ImageSample {
  mutating func pad(_ padding: ImagePadding, fill: [Float], _ mode: ImagePaddingMode) {
    remap(
      rows: AxisMap(padding.top, padding.bottom, around: height, mode),
      columns: AxisMap(padding.left, padding.right, around: width, mode), fill: fill)
    moveBoxes { ($0 + Double(padding.left), $1 + Double(padding.top)) }
  }
}

extension AxisMap {
  fileprivate init(_ before: Int, _ after: Int, around size: Int, _ mode: ImagePaddingMode) {
    guard size + before + after >= 0 else {
      fail("Pad", "padding of \(before) and \(after) for \(size) pixels", expected: "some are left")
    }
    sources = (-before..<size + after).map { place in
      guard place < 0 || place >= size else { return place }
      switch mode {
      case _ where size == 0: return -1
      case .constant: return -1
      case .edge: return min(max(place, 0), size - 1)
      case .reflect:
        // As NumPy, which goes back and forth.
        let period = max(2 * (size - 1), 1)
        let phase = ((place % period) + period) % period
        return min(phase, period - phase) % size
      case .symmetric:
        let phase = ((place % (2 * size)) + 2 * size) % (2 * size)
        return min(phase, 2 * size - 1 - phase)
      }
    }
  }
}

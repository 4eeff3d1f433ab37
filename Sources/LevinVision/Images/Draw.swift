internal import LevinFormats
internal import LevinSystem
public import LevinTensor

/// A colour of three bytes.
public struct RGB: Sendable, Hashable {
  /// The parts of the colour, 0…255.
  public var red, green, blue: UInt8

  /// Creates a colour of its parts.
  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  var parts: [UInt8] { [red, green, blue] }

  /// Colours that differ, for things without one of their own; the first is black, as in torchvision.
  static func palette(_ count: Int) -> [RGB] {
    (0..<count).map { i in
      let parts = [(1 << 25) - 1, (1 << 15) - 1, (1 << 21) - 1].map { UInt8(i * $0 % 255) }
      return RGB(parts[0], parts[1], parts[2])
    }
  }

  static func chosen(_ function: String, _ colors: [RGB]?, _ count: Int) -> [RGB] {
    guard let colors else { return palette(count) }
    guard colors.count == 1 || colors.count >= count else {
      fail(function, "\(colors.count) colours", expected: "one, or one for each of \(count)")
    }
    return colors.count == 1 ? [RGB](repeating: colors[0], count: count) : colors
  }
}

/// Draws boxes on an image (torchvision's `utils.draw_bounding_boxes`, without labels).
///
/// - Parameters:
///   - image: `[1 or 3, height, width]`, uint8.
///   - boxes: `[count, 4]`: left, top, right and bottom, both ends included.
///   - colors: One for all boxes, or one for each; different ones if nil.
///   - fill: Whether boxes are filled with their colour, at an opacity of 100 / 255.
///   - width: The width of the lines in pixels, inwards.
/// - Returns: `[3, height, width]`, uint8. Traps for other shapes, and for boxes whose sides are in the wrong order.
public func drawBoundingBoxes(
  _ image: Tensor, _ boxes: Tensor, colors: [RGB]? = nil, fill: Bool = false, width: Int = 1
) -> Tensor {
  guard image.rank == 3, [1, 3].contains(image.shape[0]), image.dtype == .uint8, boxes.rank == 2,
    boxes.shape[1] == 4
  else {
    fail(
      "drawBoundingBoxes",
      "an image \(image.shape) of dtype \(image.dtype.name) and boxes \(boxes.shape)",
      expected: "[1 or 3, height, width] uint8 and [count, 4]")
  }
  var picture = Picture(image).converted(to: .rgb)
  let sides = boxes.to(.int64).scalars(as: Int64.self).map { Int($0) }
  let count = boxes.shape[0]
  let colors = RGB.chosen("drawBoundingBoxes", colors, count)
  for box in 0..<count {
    let (left, top, right, bottom) = (
      sides[4 * box], sides[4 * box + 1], sides[4 * box + 2], sides[4 * box + 3]
    )
    guard left <= right, top <= bottom else {
      fail(
        "drawBoundingBoxes", "the box \(Array(sides[4 * box..<4 * box + 4]))",
        expected: "left, top, right and bottom, in order")
    }
    if fill {
      picture.paint(left...right, top...bottom, colors[box], opacity: 100)
    }
    for i in 0..<max(width, 0) {
      picture.paint(left...right, (top + i)...(top + i), colors[box])
      picture.paint(left...right, (bottom - i)...(bottom - i), colors[box])
      picture.paint((left + i)...(left + i), top...bottom, colors[box])
      picture.paint((right - i)...(right - i), top...bottom, colors[box])
    }
  }
  return picture.tensor
}

/// Draws masks on an image (torchvision's `utils.draw_segmentation_masks`).
///
/// - Parameters:
///   - image: `[3, height, width]`, uint8.
///   - masks: `[count, height, width]` or `[height, width]`, bool. Where masks overlap, the colour is black.
///   - alpha: The opacity of the masks, 0…1.
///   - colors: One for all masks, or one for each; different ones if nil.
/// - Returns: `[3, height, width]`, uint8. Traps for other shapes.
public func drawSegmentationMasks(
  _ image: Tensor, _ masks: Tensor, alpha: Double = 0.8, colors: [RGB]? = nil
) -> Tensor {
  let sizes = Array(masks.shape)
  guard image.rank == 3, image.shape[0] == 3, image.dtype == .uint8, masks.dtype == .bool,
    sizes.count == 2 || sizes.count == 3, sizes.suffix(2) == Array(image.shape)[1...]
  else {
    fail(
      "drawSegmentationMasks",
      "an image \(image.shape) of dtype \(image.dtype.name) and masks \(masks.shape) of dtype "
        + masks.dtype.name,
      expected: "[3, height, width] uint8 and [count, height, width] bool")
  }
  let area = image.shape[1] * image.shape[2]
  let count = sizes.count == 2 ? 1 : sizes[0]
  guard count > 0 else { return image }
  let colors = RGB.chosen("drawSegmentationMasks", colors, count)
  var bytes = image.scalars(as: UInt8.self)
  let flags = masks.scalars(as: Bool.self)
  for i in 0..<area {
    let own = (0..<count).filter { flags[$0 * area + i] }
    for channel in 0..<3 {
      let old = bytes[channel * area + i]
      let new = own.count > 1 ? 0 : own.first.map { colors[$0].parts[channel] } ?? old
      // As torch computes it, in single precision and cut to whole numbers.
      let mixed = Float(old) * Float(1 - alpha) + Float(new) * Float(alpha)
      bytes[channel * area + i] = UInt8(min(max(mixed, 0), 255))
    }
  }
  return Tensor(bytes, shape: image.shape)
}

extension Picture {
  /// Paints a rectangle, as far as it is in the picture.
  fileprivate mutating func paint(
    _ columns: ClosedRange<Int>, _ rows: ClosedRange<Int>, _ color: RGB, opacity: Int = 255
  ) {
    for y in max(
      rows.lowerBound, 0)..<max(min(rows.upperBound + 1, height), max(rows.lowerBound, 0))
    {
      for x in max(
        columns.lowerBound, 0)..<max(
          min(columns.upperBound + 1, width), max(columns.lowerBound, 0))
      {
        for (channel, part) in color.parts.enumerated() {
          let place = (y * width + x) * channels + channel
          let sum = Int(bytes[place]) * (255 - opacity) + Int(part) * opacity + 128
          bytes[place] = UInt8((sum >> 8 + sum) >> 8)
        }
      }
    }
  }
}

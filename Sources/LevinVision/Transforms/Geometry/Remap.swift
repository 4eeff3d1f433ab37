internal import LevinFormats

/// Where each row or column of a new image comes from; -1 is outside of the old one.
///
/// Crops, paddings, flips and the nearest pixel are all maps of rows and maps of columns.
struct AxisMap {
  var sources: [Int]

  /// `count` places from `start` on, of an axis with `size` places.
  init(_ start: Int, _ count: Int, of size: Int) {
    sources = (start..<start + count).map { $0 >= 0 && $0 < size ? $0 : -1 }
  }

  init(_ sources: [Int]) { self.sources = sources }

  /// Whether the sources follow each other.
  var isRange: Bool {
    guard let first = sources.first, first >= 0 else { return false }
    return sources.indices.allSatisfy { sources[$0] == first + $0 }
  }
}

extension ImageSample {
  /// Takes rows and columns of the image; what comes from outside is `fill`, one number or one for each channel.
  mutating func remap(rows: AxisMap, columns: AxisMap, fill: [Float] = [0]) {
    mask = mask?.remapped(rows: rows, columns: columns, fill: [0])
    switch content {
    case .picture(let picture):
      content = .picture(picture.remapped(rows: rows, columns: columns, fill: fill))
    case .floats(let image):
      let values = remapped(
        image.values, planes: image.channels, height: image.height, width: image.width,
        elements: 1, rows, columns,
        fill: fill.count == 1 ? [Float](repeating: fill[0], count: image.channels) : fill)
      content = .floats(
        FloatImage(
          channels: image.channels, height: rows.sources.count, width: columns.sources.count,
          values: values))
    }
  }
}

extension Picture {
  /// Some rows and columns of the picture; what comes from outside is `fill`, one number or one for each channel.
  func remapped(rows: AxisMap, columns: AxisMap, fill: [Float]) -> Picture {
    let fill = fill.map { UInt8(min(max($0, 0), 255)) }
    return Picture(
      width: columns.sources.count, height: rows.sources.count, channels: channels,
      bytes: LevinVision.remapped(
        bytes, planes: 1, height: height, width: width, elements: channels, rows, columns,
        fill: fill.count == 1 ? [UInt8](repeating: fill[0], count: channels) : fill))
  }
}

/// `planes` planes of rows of pixels of `elements` elements; `fill` has one element for each of them.
private func remapped<Element>(
  _ input: [Element], planes: Int, height: Int, width: Int, elements: Int, _ rows: AxisMap,
  _ columns: AxisMap, fill: [Element]
) -> [Element] {
  let (newHeight, newWidth) = (rows.sources.count, columns.sources.count)
  let count = planes * newHeight * newWidth * elements
  let isRange = columns.isRange
  return [Element](unsafeUninitializedCapacity: count) { output, written in
    input.withUnsafeBufferPointer { input in
      var target = 0
      for plane in 0..<planes {
        for row in rows.sources {
          guard row >= 0 else {
            for i in 0..<newWidth * elements {
              (output.baseAddress! + target + i).initialize(to: fill[plane + i % elements])
            }
            target += newWidth * elements
            continue
          }
          let start = (plane * height + row) * width * elements
          if isRange {
            (output.baseAddress! + target).initialize(
              from: input.baseAddress! + start + columns.sources[0] * elements,
              count: newWidth * elements)
            target += newWidth * elements
            continue
          }
          for column in columns.sources {
            for element in 0..<elements {
              (output.baseAddress! + target).initialize(
                to: column >= 0
                  ? input[start + column * elements + element] : fill[plane + element])
              target += 1
            }
          }
        }
      }
    }
    written = count
  }
}

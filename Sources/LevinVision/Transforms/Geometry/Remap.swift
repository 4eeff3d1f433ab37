internal import LevinFormats
internal import LevinSystem

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

  /// Sources that follow each other forwards or backwards (a step of 1 or -1), or places outside, where `start` is -1.
  struct Stretch {
    let start, count, step: Int
  }

  /// The map in as few stretches as possible.
  var stretches: [Stretch] {
    var result: [Stretch] = []
    var place = 0
    while place < sources.count {
      let start = sources[place]
      let rest = sources[place...].dropFirst()
      let step = start < 0 ? 0 : start > 0 && rest.first == start - 1 ? -1 : 1
      var count = 1
      for source in rest {
        guard source == start + step * count, (source < 0) == (start < 0) else { break }
        count += 1
      }
      result.append(Stretch(start: start, count: count, step: step))
      place += count
    }
    return result
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
        elements: 1, rows, columns, fill: fill.forEach(of: image.channels))
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
    let fill = fill.forEach(of: channels).map { UInt8(min(max($0, 0), 255)) }
    return Picture(
      width: columns.sources.count, height: rows.sources.count, channels: channels,
      bytes: LevinVision.remapped(
        bytes, planes: 1, height: height, width: width, elements: channels, rows, columns,
        fill: fill))
  }
}

extension [Float] {
  /// One number for each of `channels` channels, from as many or from one; traps for another count.
  func forEach(of channels: Int) -> [Float] {
    guard count != 1 else { return [Float](repeating: self[0], count: channels) }
    guard count == channels else {
      fail(
        "fill", "\(count) numbers for \(channels) channels",
        expected: "one number, or one for each channel")
    }
    return self
  }
}

/// `planes` planes of rows of pixels of `elements` elements; `fill` has one element for each of them.
private func remapped<Element: BitwiseCopyable>(
  _ input: [Element], planes: Int, height: Int, width: Int, elements: Int, _ rows: AxisMap,
  _ columns: AxisMap, fill: [Element]
) -> [Element] {
  let newWidth = columns.sources.count * elements
  let count = planes * rows.sources.count * newWidth
  let stretches = columns.stretches
  let outside = AxisMap.Stretch(start: -1, count: columns.sources.count, step: 0)
  return [Element](unsafeUninitializedCapacity: count) { output, written in
    input.withUnsafeBufferPointer { input in
      guard var target = output.baseAddress else { return }
      // Without pixels everything is outside, and no row is read.
      let pixels = input.baseAddress ?? UnsafePointer(target)
      for plane in 0..<planes {
        for row in rows.sources {
          let start = pixels + (plane * height + max(row, 0)) * width * elements
          for stretch in row < 0 ? [outside] : stretches {
            copy(stretch, of: start, elements: elements, to: target) { fill[plane + $0] }
            target += stretch.count * elements
          }
        }
      }
    }
    written = count
  }
}

/// Copies a stretch of a row of pixels of `elements` elements.
@inline(__always)
private func copy<Element: BitwiseCopyable>(
  _ stretch: AxisMap.Stretch, of row: UnsafePointer<Element>, elements: Int,
  to output: UnsafeMutablePointer<Element>, fill: (Int) -> Element
) {
  var (source, target) = (row + max(stretch.start, 0) * elements, output)
  /// Pixel by pixel, each as far from the last one as `step` says; inlined with a fixed number of elements.
  @inline(__always) func copy(step: Int, elements: Int, _ element: (Int) -> Element) {
    for _ in 0..<stretch.count {
      for i in 0..<elements { (target + i).initialize(to: element(i)) }
      target += elements
      source += step * elements
    }
  }
  switch (stretch.step, elements) {
  case (0, 1): target.initialize(repeating: fill(0), count: stretch.count)
  case (0, _): copy(step: 0, elements: elements, fill)
  case (1, _): target.initialize(from: source, count: stretch.count * elements)
  case (_, 1): copy(step: -1, elements: 1) { source[$0] }
  case (_, 3): copy(step: -1, elements: 3) { source[$0] }
  default: copy(step: -1, elements: elements) { source[$0] }
  }
}

/// The colours of one frame: its own if there are at most 256, otherwise those that median cut finds.
///
/// Heckbert, "Color image quantization for frame buffer display", SIGGRAPH 1982.
enum GIFPalette {
  /// The palette, three bytes per colour, and each pixel's index in it.
  static func reduce(_ rgb: [UInt8]) -> (palette: [UInt8], indices: [UInt8]) {
    let pixels: [UInt32] = stride(from: 0, to: rgb.count - 2, by: 3).map { place in
      rgb[place..<place + 3].reduce(0) { $0 << 8 | UInt32($1) }
    }
    var counts: [UInt32: Int] = [:]
    for pixel in pixels { counts[pixel, default: 0] += 1 }
    var colors = counts.map { Color(rgb: $0.key, count: $0.value) }
    colors.sort { $0.rgb < $1.rgb }

    var boxes = [Box(0..<colors.count, of: colors)]
    if colors.count <= 256 {
      boxes = colors.indices.map { Box($0..<$0 + 1, of: colors) }
    } else {
      while boxes.count < 256, let widest = boxes.indices.max(by: { boxes[$0] < boxes[$1] }),
        boxes[widest].range.count > 1
      {
        let (low, high) = boxes[widest].halves(&colors)
        boxes[widest] = low
        boxes.append(high)
      }
    }
    var indexOf: [UInt32: UInt8] = [:]
    indexOf.reserveCapacity(colors.count)
    for (index, box) in boxes.enumerated() {
      for place in box.range { indexOf[colors[place].rgb] = UInt8(index) }
    }
    return (boxes.flatMap { $0.mean(colors) }, pixels.map { indexOf[$0] ?? 0 })
  }

  private struct Color {
    let rgb: UInt32
    let count: Int

    func level(_ channel: Int) -> Int { Int(rgb >> (16 - 8 * UInt32(channel)) & 255) }
  }

  /// Neighbouring colours: a range of the sorted list.
  private struct Box: Comparable {
    let range: Range<Int>
    private let channel: Int
    private let weight: Int

    init(_ range: Range<Int>, of colors: [Color]) {
      self.range = range
      let spans = (0..<3).map { channel in
        let levels = colors[range].lazy.map { $0.level(channel) }
        return (levels.max() ?? 0) - (levels.min() ?? 0)
      }
      channel = spans.indices.max { spans[$0] < spans[$1] } ?? 0
      weight = spans[channel] * colors[range].reduce(0) { $0 + $1.count }
    }

    /// Boxes are ordered by how much a cut would gain.
    static func < (left: Box, right: Box) -> Bool { left.weight < right.weight }

    /// Two boxes with about equally many pixels, cut across the longest side.
    func halves(_ colors: inout [Color]) -> (Box, Box) {
      colors[range].sort {
        ($0.level(channel), $0.rgb) < ($1.level(channel), $1.rgb)
      }
      let half = colors[range].reduce(0) { $0 + $1.count } / 2
      var (cut, passed) = (range.lowerBound, 0)
      while cut < range.upperBound - 1,
        passed + colors[cut].count <= half || cut == range.lowerBound
      {
        passed += colors[cut].count
        cut += 1
      }
      return (
        Box(range.lowerBound..<cut, of: colors), Box(cut..<range.upperBound, of: colors)
      )
    }

    func mean(_ colors: [Color]) -> [UInt8] {
      let count = colors[range].reduce(0) { $0 + $1.count }
      return (0..<3).map { channel in
        let sum = colors[range].reduce(0) { $0 + $1.level(channel) * $1.count }
        return UInt8((sum + count / 2) / max(1, count))
      }
    }
  }
}

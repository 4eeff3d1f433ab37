/// Turns the inflated rows of a PNG file into pixels: undoes the filters, widens the samples,
/// looks up colours.
struct PNGPixelReader {
  let header: PNGHeader
  let palette: PNGPalette
  let raw: [UInt8]
  /// The position in the file that errors name.
  let offset: Int
  /// Whether pixels of a palette are read as their numbers in it.
  var readsNumbers = false

  /// The channels of the result.
  var channels: Int {
    let hasTransparency = !palette.transparency.isEmpty
    switch header.color {
    case 0: return hasTransparency ? 2 : 1
    case 3 where readsNumbers: return 1
    case 2, 3: return hasTransparency ? 4 : 3
    case 4: return 2
    default: return 4
    }
  }

  func picture() throws(PNGError) -> Picture {
    let bytes = try samples(of: UInt8.self)
    return Picture(
      width: header.width, height: header.height, channels: channels, bytes: bytes)
  }

  /// All samples, scaled to the range of `Sample`.
  func samples<Sample: FixedWidthInteger & UnsignedInteger>(
    of type: Sample.Type
  ) throws(PNGError) -> [Sample] {
    if header.color == 3, palette.colors.isEmpty {
      throw PNGError(offset: offset, problem: .misplaced(chunk: "PLTE"))
    }
    let channels = channels
    var result = [Sample](repeating: 0, count: header.width * header.height * channels)
    let isStoredSo =
      header.depth == 8 && header.color != 3 && palette.transparency.isEmpty
      && !header.isInterlaced
    var start = 0
    for pass in header.passes {
      let length = header.rowLength(pass.width)
      var above = [UInt8](repeating: 0, count: length)
      for row in 0..<pass.height {
        var line = Array(raw[start + 1..<start + 1 + length])
        try unfilter(&line, above, kind: raw[start])
        start += 1 + length
        let y = pass.y + row * pass.stepY
        if isStoredSo, let bytes = line as? [Sample] {
          result.replaceSubrange(row * length..<(row + 1) * length, with: bytes)
          swap(&above, &line)
          continue
        }
        for column in 0..<pass.width {
          let x = pass.x + column * pass.stepX
          try put(line, column, into: &result, at: (y * header.width + x) * channels)
        }
        above = line
      }
    }
    return result
  }

  private func unfilter(
    _ line: inout [UInt8], _ above: [UInt8], kind: UInt8
  ) throws(PNGError) {
    let distance = max(1, header.samples * header.depth / 8)
    switch kind {
    case 0: break
    case 1:
      for i in line.indices.dropFirst(distance) { line[i] &+= line[i - distance] }
    case 2:
      for i in line.indices { line[i] &+= above[i] }
    case 3:
      for i in line.indices {
        let left = i >= distance ? Int(line[i - distance]) : 0
        line[i] &+= UInt8((left + Int(above[i])) / 2)
      }
    case 4:
      for i in line.indices {
        let left = i >= distance ? Int(line[i - distance]) : 0
        let corner = i >= distance ? Int(above[i - distance]) : 0
        line[i] &+= Self.paeth(left, Int(above[i]), corner)
      }
    default: throw PNGError(offset: offset, problem: .damagedPixels)
    }
  }

  /// Whichever of left, above and corner is nearest to left + above − corner (Paeth).
  private static func paeth(_ left: Int, _ above: Int, _ corner: Int) -> UInt8 {
    let toLeft = abs(above - corner)
    let toAbove = abs(left - corner)
    let toCorner = abs(left + above - 2 * corner)
    if toLeft <= toAbove, toLeft <= toCorner { return UInt8(left) }
    return UInt8(toAbove <= toCorner ? above : corner)
  }

  /// A sample as stored in the row: 1 to 16 bits.
  private func sample(_ line: [UInt8], _ index: Int) -> Int {
    switch header.depth {
    case 8: return Int(line[index])
    case 16: return Int(line[index * 2]) << 8 | Int(line[index * 2 + 1])
    default:
      let bit = index * header.depth
      let shift = 8 - header.depth - bit % 8
      return Int(line[bit / 8]) >> shift & ((1 << header.depth) - 1)
    }
  }

  /// A sample of `depth` bits, widened or narrowed to the bits of `Sample`.
  private func scaled<Sample: FixedWidthInteger>(_ sample: Int, _ depth: Int) -> Sample {
    depth >= Sample.bitWidth
      ? Sample(sample >> (depth - Sample.bitWidth))
      : Sample(sample * Int(Sample.max) / ((1 << depth) - 1))
  }

  private func put<Sample: FixedWidthInteger & UnsignedInteger>(
    _ line: [UInt8], _ column: Int, into result: inout [Sample], at place: Int
  ) throws(PNGError) {
    let count = header.samples
    if header.color == 3 {
      let index = sample(line, column)
      guard index * 3 + 2 < palette.colors.count else {
        throw PNGError(offset: offset, problem: .damagedPixels)
      }
      if readsNumbers {
        result[place] = Sample(index)
        return
      }
      for channel in 0..<3 {
        result[place + channel] = scaled(Int(palette.colors[index * 3 + channel]), 8)
      }
      if !palette.transparency.isEmpty {
        result[place + 3] =
          index < palette.transparency.count
          ? scaled(Int(palette.transparency[index]), 8) : Sample.max
      }
      return
    }
    var isKey = palette.transparency.count == count * 2
    for channel in 0..<count {
      let value = sample(line, column * count + channel)
      result[place + channel] = scaled(value, header.depth)
      if isKey {
        let key =
          Int(palette.transparency[channel * 2]) << 8 | Int(palette.transparency[channel * 2 + 1])
        isKey = value == key
      }
    }
    if header.color == 0 || header.color == 2, !palette.transparency.isEmpty {
      result[place + count] = isKey ? 0 : Sample.max
    }
  }
}

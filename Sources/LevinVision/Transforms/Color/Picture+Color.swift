internal import LevinFormats
internal import LevinSystem

/// Pillow's arithmetic of colours, which rounds to bytes after each step.
extension Picture {
  /// The picture with each byte of the first channels replaced by its entry in the table; opacity stays.
  func mapped(_ table: [UInt8]) -> Picture {
    var result = self
    let colors = channels - (channels % 2 == 0 ? 1 : 0)
    result.bytes.withUnsafeMutableBufferPointer { bytes in
      table.withUnsafeBufferPointer { table in
        for i in bytes.indices where i % channels < colors { bytes[i] = table[Int(bytes[i])] }
      }
    }
    return result
  }

  /// `other + factor * (value - other)` of each byte, cut to 0…255 and to whole numbers (Pillow's `Image.blend`).
  static func blended(_ other: UInt8, _ value: UInt8, _ factor: Float) -> UInt8 {
    let (a, b) = (Float(other), Float(value))
    return UInt8(min(max(a + factor * (b - a), 0), 255))
  }

  /// Pillow's `ImageEnhance.Brightness`.
  func brightened(_ factor: Float) -> Picture {
    mapped((0...255).map { Self.blended(0, UInt8($0), factor) })
  }

  /// Pillow's `ImageEnhance.Contrast`: away from the mean brightness.
  func contrasted(_ factor: Float) -> Picture {
    let gray = converted(to: .gray).bytes
    let sum = gray.reduce(0) { $0 + Int($1) }
    let mean = UInt8(Double(sum) / Double(max(gray.count, 1)) + 0.5)
    return mapped((0...255).map { Self.blended(mean, UInt8($0), factor) })
  }

  /// Pillow's `ImageEnhance.Color`: away from the brightness of each pixel.
  func saturated(_ factor: Float) -> Picture {
    guard channels >= 3 else { return self }
    var result = self
    result.bytes.withUnsafeMutableBufferPointer { bytes in
      for start in stride(from: 0, to: bytes.count, by: channels) {
        let gray = Self.gray(bytes[start], bytes[start + 1], bytes[start + 2])
        for i in start..<start + 3 { bytes[i] = Self.blended(gray, bytes[i], factor) }
      }
    }
    return result
  }

  /// Pillow's `ImageEnhance.Sharpness`: away from a smoothed picture.
  func sharpened(_ factor: Float) -> Picture {
    let smooth = smoothed
    var result = self
    let colors = channels - (channels % 2 == 0 ? 1 : 0)
    for i in bytes.indices where i % channels < colors {
      result.bytes[i] = Self.blended(smooth.bytes[i], bytes[i], factor)
    }
    return result
  }

  /// Pillow's filter `SMOOTH`; the border stays.
  private var smoothed: Picture {
    guard width > 2, height > 2 else { return self }
    var result = self
    let (line, weights) = (width * channels, [1, 1, 1, 1, 5, 1, 1, 1, 1])
    for y in 1..<height - 1 {
      for x in channels..<line - channels {
        var sum: Float = 0.5
        for (k, weight) in weights.enumerated() {
          let place = (y + k / 3 - 1) * line + x + (k % 3 - 1) * channels
          sum += Float(bytes[place]) * (Float(weight) / 13)
        }
        result.bytes[y * line + x] = UInt8(min(max(sum, 0), 255))
      }
    }
    return result
  }

  /// The picture with its hues shifted by `factor`, -0.5…0.5 of the circle, in Pillow's HSV of bytes.
  func hueShifted(_ factor: Float) -> Picture {
    guard channels >= 3 else { return self }
    let shift = UInt8(truncatingIfNeeded: Int(Double(factor) * 255))
    var result = self
    result.bytes.withUnsafeMutableBufferPointer { bytes in
      for start in stride(from: 0, to: bytes.count, by: channels) {
        var hsv = HSV(bytes[start], bytes[start + 1], bytes[start + 2])
        hsv.hue &+= shift
        (bytes[start], bytes[start + 1], bytes[start + 2]) = hsv.rgb
      }
    }
    return result
  }

  /// Pillow's `ImageOps.autocontrast`: the least and greatest value of each channel become 0 and 255.
  var autocontrasted: Picture {
    perChannel { histogram in
      guard let low = histogram.firstIndex(where: { $0 > 0 }),
        let high = histogram.lastIndex(where: { $0 > 0 }), high > low
      else { return nil }
      let scale = 255 / Double(high - low)
      return (0...255).map {
        UInt8(min(max(Int(Double($0) * scale - Double(low) * scale), 0), 255))
      }
    }
  }

  /// Pillow's `ImageOps.equalize`: all values of each channel about equally frequent.
  var equalized: Picture {
    perChannel { histogram in
      let filled = histogram.filter { $0 > 0 }
      guard filled.count > 1, let last = filled.last else { return nil }
      let step = (filled.reduce(0, +) - last) / 255
      guard step > 0 else { return nil }
      var sum = step / 2
      return histogram.map { count in
        defer { sum += count }
        return UInt8(min(sum / step, 255))
      }
    }
  }

  private func perChannel(_ table: (_ histogram: [Int]) -> [UInt8]?) -> Picture {
    var result = self
    for channel in 0..<channels - (channels % 2 == 0 ? 1 : 0) {
      var histogram = [Int](repeating: 0, count: 256)
      for i in stride(from: channel, to: bytes.count, by: channels) {
        histogram[Int(bytes[i])] += 1
      }
      guard let table = table(histogram) else { continue }
      for i in stride(from: channel, to: bytes.count, by: channels) {
        result.bytes[i] = table[Int(bytes[i])]
      }
    }
    return result
  }
}

/// Hue, saturation and value as bytes, by Pillow's formulas.
private struct HSV {
  var hue: UInt8
  let saturation, value: UInt8

  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    let high = max(red, green, blue)
    let low = min(red, green, blue)
    value = high
    guard high != low else {
      (hue, saturation) = (0, 0)
      return
    }
    let range = Float(high - low)
    let (r, g, b) = (
      Float(high - red) / range, Float(high - green) / range, Float(high - blue) / range
    )
    let sector: Float =
      red == high
      ? b - g
      : green == high ? Float(2.0 + Double(r) - Double(b)) : Float(4.0 + Double(g) - Double(r))
    // fmod of a number of at least 5/6.
    let turns = Double(sector) / 6 + 1
    let turn = Float(turns - turns.rounded(.down))
    hue = Self.clip(Int(Double(turn) * 255))
    saturation = Self.clip(Int(Double(range / Float(high)) * 255))
  }

  var rgb: (UInt8, UInt8, UInt8) {
    guard saturation > 0 else { return (value, value, value) }
    let sector = Double(hue) * 6 / 255
    let whole = sector.rounded(.down)
    let f = Float(sector - whole)
    let fs = Float(Double(saturation) / 255)
    let v = Double(value)
    func rounded(_ x: Double) -> UInt8 { Self.clip(Int(x.rounded())) }
    let p = rounded(v * (1 - Double(fs)))
    let q = rounded(v * (1 - Double(fs) * Double(f)))
    let t = rounded(v * (1 - Double(fs) * (1 - Double(f))))
    switch Int(whole) % 6 {
    case 0: return (value, t, p)
    case 1: return (q, value, p)
    case 2: return (p, value, t)
    case 3: return (p, q, value)
    case 4: return (t, p, value)
    default: return (value, p, q)
    }
  }

  private static func clip(_ x: Int) -> UInt8 { UInt8(min(max(x, 0), 255)) }
}

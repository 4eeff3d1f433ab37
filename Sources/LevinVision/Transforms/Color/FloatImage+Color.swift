internal import LevinSystem

/// torchvision's arithmetic of colours on tensors of floats in 0…1.
extension FloatImage {
  /// The brightness of each pixel: 0.2989 R + 0.587 G + 0.114 B.
  var brightness: [Float] {
    guard channels >= 3 else { return Array(values.prefix(height * width)) }
    let area = height * width
    return (0..<area).map { i in
      0.2989 * values[i] + 0.587 * values[area + i] + 0.114 * values[2 * area + i]
    }
  }

  private func blended(_ factor: Float, with other: (Int) -> Float) -> FloatImage {
    var result = self
    for i in values.indices {
      result.values[i] = min(max(factor * values[i] + (1 - factor) * other(i), 0), 1)
    }
    return result
  }

  /// Each value replaced.
  func mapped(_ value: (Float) -> Float) -> FloatImage {
    var result = self
    for i in values.indices { result.values[i] = value(values[i]) }
    return result
  }

  /// Each channel stretched from its least and greatest value to 0…1; channels of one value stay.
  var autocontrasted: FloatImage {
    let area = height * width
    var result = self
    for channel in 0..<channels {
      let plane = values[channel * area..<(channel + 1) * area]
      guard let low = plane.min(), let high = plane.max(), low < high else { continue }
      let scale = 1 / (high - low)
      for i in plane.indices { result.values[i] = min(max((values[i] - low) * scale, 0), 1) }
    }
    return result
  }

  /// 0 smooths, 1 changes nothing, 2 sharpens; the border stays.
  func sharpened(_ factor: Float) -> FloatImage {
    guard width > 2, height > 2 else { return self }
    var smooth = self
    for y in 1..<height - 1 {
      for x in 1..<width - 1 {
        for channel in 0..<channels {
          let place = (channel * height + y) * width + x
          var sum = 4 * values[place]
          for row in -1...1 {
            for column in -1...1 { sum += values[place + row * width + column] }
          }
          smooth.values[place] = sum / 13
        }
      }
    }
    return blended(factor) { smooth.values[$0] }
  }

  func brightened(_ factor: Float) -> FloatImage { blended(factor) { _ in 0 } }

  func contrasted(_ factor: Float) -> FloatImage {
    let gray = brightness
    let mean = Float(gray.reduce(0.0) { $0 + Double($1) } / Double(max(gray.count, 1)))
    return blended(factor) { _ in mean }
  }

  func saturated(_ factor: Float) -> FloatImage {
    guard channels >= 3 else { return self }
    let gray = brightness
    let area = height * width
    return blended(factor) { gray[$0 % area] }
  }

  /// The image with its hues shifted by `factor`, -0.5…0.5 of the circle, in HSV.
  func hueShifted(_ factor: Float) -> FloatImage {
    guard channels >= 3 else { return self }
    var result = self
    let area = height * width
    for i in 0..<area {
      let (r, g, b) = (values[i], values[area + i], values[2 * area + i])
      let (high, low) = (max(r, g, b), min(r, g, b))
      let isGray = high == low
      let range = high - low
      let saturation = range / (isGray ? 1 : high)
      let divisor: Float = isGray ? 1 : range
      let (rc, gc, bc) = ((high - r) / divisor, (high - g) / divisor, (high - b) / divisor)
      var hue: Float =
        high == r ? bc - gc : high == g ? 2 + rc - bc : 4 + gc - rc
      hue = (hue / 6 + 1).truncatingRemainder(dividingBy: 1)
      hue = (hue + factor).truncatingRemainder(dividingBy: 1)
      if hue < 0 { hue += 1 }
      let sector = (hue * 6).rounded(.down)
      let f = hue * 6 - sector
      func clip(_ x: Float) -> Float { min(max(x, 0), 1) }
      let p = clip(high * (1 - saturation))
      let q = clip(high * (1 - saturation * f))
      let t = clip(high * (1 - saturation * (1 - f)))
      let rgb: [Float] =
        switch Int(sector) % 6 {
        case 0: [high, t, p]
        case 1: [q, high, p]
        case 2: [p, high, t]
        case 3: [p, q, high]
        case 4: [t, p, high]
        default: [high, p, q]
        }
      for channel in 0..<3 { result.values[channel * area + i] = rgb[channel] }
    }
    return result
  }

  /// Gray as one or three equal channels.
  func gray(channels count: Int) -> FloatImage {
    let gray = brightness
    return FloatImage(
      channels: count, height: height, width: width,
      values: (0..<count).flatMap { _ in gray })
  }
}

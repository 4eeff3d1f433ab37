/// The weights of one pass of a resize from `size` to `count` places.
///
/// Pillow and torch compute them alike (Pillow's `precompute_coeffs`): if the image gets smaller, the filter is widened
/// to cover the pixels between.
struct Resampling {
  var first: [Int32] = []
  var count: [Int32] = []
  /// `[outputs, taps]`.
  var weights: [Double] = []
  var taps = 0

  init(_ interpolation: Interpolation, from size: Int, to outputs: Int, antialias: Bool = true) {
    antialias
      ? cover(interpolation, size, outputs) : interpolate(interpolation, size, outputs)
  }

  /// The same weights at each place.
  init(sliding kernel: [Double], outputs: Int) {
    taps = kernel.count
    first = (0..<outputs).map { Int32($0) }
    count = [Int32](repeating: Int32(taps), count: outputs)
    weights = (0..<outputs).flatMap { _ in kernel }
  }

  private mutating func cover(_ interpolation: Interpolation, _ size: Int, _ outputs: Int) {
    let filter = interpolation.filter
    let scale = Double(size) / Double(outputs)
    let widening = max(scale, 1)
    let support = filter.support * widening
    taps = Int(support.rounded(.up)) * 2 + 1
    weights = [Double](repeating: 0, count: outputs * taps)
    for i in 0..<outputs {
      let center = (Double(i) + 0.5) * scale
      let start = max(0, Int(center - support + 0.5))
      let end = min(size, Int(center + support + 0.5))
      var sum = 0.0
      for j in 0..<end - start {
        let weight = filter.weight((Double(j + start) - center + 0.5) / widening)
        weights[i * taps + j] = weight
        sum += weight
      }
      if sum != 0 { for j in 0..<end - start { weights[i * taps + j] /= sum } }
      first.append(Int32(start))
      count.append(Int32(end - start))
    }
  }

  /// Between the nearest pixels only, as `torch.nn.functional.interpolate` without antialiasing.
  private mutating func interpolate(_ interpolation: Interpolation, _ size: Int, _ outputs: Int) {
    let scale = Double(size) / Double(outputs)
    let isCubic = interpolation == .bicubic
    taps = isCubic ? 4 : 2
    weights = [Double](repeating: 0, count: outputs * taps)
    for i in 0..<outputs {
      var source = (Double(i) + 0.5) * scale - 0.5
      if !isCubic { source = max(source, 0) }
      let base = source.rounded(.down)
      let t = source - base
      let places = (0..<taps).map { tap in
        min(max(Int(base) + tap - (isCubic ? 1 : 0), 0), size - 1)
      }
      let values = isCubic ? Self.cubic(t) : [1 - t, t]
      for (place, value) in zip(places, values) { weights[i * taps + place - places[0]] += value }
      first.append(Int32(places[0]))
      count.append(Int32(places[taps - 1] - places[0] + 1))
    }
  }

  /// The weights of four pixels, Keys' with a = -0.75.
  private static func cubic(_ t: Double) -> [Double] {
    let a = -0.75
    func near(_ x: Double) -> Double { ((a + 2) * x - (a + 3)) * x * x + 1 }
    func far(_ x: Double) -> Double { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
    return [far(t + 1), near(t), near(1 - t), far(2 - t)]
  }

  /// The weights with `precision` fractional bits.
  func integers(precision: Int) -> [Int32] {
    let one = Double(1 << precision)
    return weights.map { Int32($0 < 0 ? $0 * one - 0.5 : $0 * one + 0.5) }
  }
}

/// The elements of a dimension that are combined into each element of the resized one, and their weights.
struct ResizingTaps {
  /// For each term of the sum, an index for each element of the result.
  private(set) var places: [[Int]] = []
  /// The weights of each term; nil if they are all 1.
  private(set) var weights: [[Double]?] = []

  init(
    from input: Int, to output: Int, factor: Double?, _ mode: Tensor.InterpolationMode,
    _ alignCorners: Bool, _ antialias: Bool, isDouble: Bool
  ) {
    let ratio = factor.map { 1 / $0 } ?? Double(input) / Double(output)
    let scale =
      alignCorners ? (output > 1 ? Double(input - 1) / Double(output - 1) : 0) : ratio
    func source(_ place: Int) -> Double {
      alignCorners ? scale * Double(place) : scale * (Double(place) + 0.5) - 0.5
    }
    switch mode {
    case .nearest, .nearestExact:
      // In the precision in which PyTorch computes, because it decides ties.
      let shift = mode == .nearest ? 0 : 0.5
      places = [
        (0..<output).map { place in
          let exact = (Double(place) + shift) * ratio
          let single = (Float(place) + Float(shift)) * Float(ratio)
          return min(isDouble ? Int(exact) : Int(single), input - 1)
        }
      ]
      weights = [nil]
    case .area:
      addWindows(output) { place in
        let start = place * input / output
        let end = ((place + 1) * input + output - 1) / output
        return (start, [Double](repeating: 1 / Double(end - start), count: end - start))
      }
    case .linear, .bilinear, .trilinear:
      guard !antialias else {
        addFiltered(input, output, scale, radius: 1) { max(0, 1 - abs($0)) }
        return
      }
      let sources = (0..<output).map { max(0, source($0)) }
      let first = sources.map { min(Int($0), input - 1) }
      let rest = zip(sources, first).map { min(max($0 - Double($1), 0), 1) }
      places = [first, first.map { min($0 + 1, input - 1) }]
      weights = [rest.map { 1 - $0 }, rest]
    case .bicubic:
      guard !antialias else {
        addFiltered(input, output, scale, radius: 2) { Self.cubic($0, -0.5) }
        return
      }
      let sources = (0..<output).map(source)
      for tap in -1...2 {
        places.append(
          sources.map { min(max(Int($0.rounded(.down)) + tap, 0), input - 1) })
        weights.append(
          sources.map { Self.cubic($0 - $0.rounded(.down) - Double(tap), -0.75) })
      }
    }
  }

  /// Keys' cubic kernel: two cubic pieces, 0 from a distance of 2 on.
  private static func cubic(_ distance: Double, _ a: Double) -> Double {
    let x = abs(distance)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }

  /// Adds the terms of a kernel that is wider in proportion if the result is smaller, with weights whose sum is 1.
  private mutating func addFiltered(
    _ input: Int, _ output: Int, _ scale: Double, radius: Double, _ curve: (Double) -> Double
  ) {
    let stretch = max(scale, 1)
    addWindows(output) { place in
      let centre = scale * (Double(place) + 0.5)
      let start = max(Int(centre - radius * stretch + 0.5), 0)
      let end = min(Int(centre + radius * stretch + 0.5), input)
      let weights = (start..<max(start, end)).map {
        curve((Double($0) - centre + 0.5) / stretch)
      }
      let sum = weights.reduce(0, +)
      return (start, sum == 0 ? weights : weights.map { $0 / sum })
    }
  }

  /// Adds windows of adjacent elements, which may have different lengths: missing elements have weight 0.
  private mutating func addWindows(
    _ output: Int, _ window: (Int) -> (start: Int, weights: [Double])
  ) {
    let windows = (0..<output).map(window)
    for tap in 0..<(windows.map(\.weights.count).max() ?? 0) {
      places.append(windows.map { tap < $0.weights.count ? $0.start + tap : $0.start })
      weights.append(windows.map { tap < $0.weights.count ? $0.weights[tap] : 0 })
    }
  }

  /// The weights, with those of an edge element that occurs several times added up at its first occurrence; and the
  /// largest weight on the way.
  func joinedAtEdges() -> (weights: [[Double]], most: Double) {
    var (joined, most) = (weights.map { $0 ?? [] }, 0.0)
    for place in places.first?.indices ?? 0..<0 {
      for tap in places.indices {
        let first = places.indices.first { places[$0][place] == places[tap][place] } ?? tap
        if first != tap {
          joined[first][place] += joined[tap][place]
          joined[tap][place] = 0
        }
        most = max(most, joined[first][place])
      }
    }
    return (joined, most)
  }

  func isIdentity(of size: Int) -> Bool {
    places.count == 1 && weights[0] == nil && places[0] == Array(0..<size)
  }
}

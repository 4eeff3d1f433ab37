internal import LevinSystem

/// Counts of values in buckets, as stored in an event file.
public struct HistogramSummary: Sendable, Hashable {
  /// The least of all values.
  public var minimum: Double
  /// The largest of all values.
  public var maximum: Double
  /// The number of values.
  public var count: Double
  /// The sum of all values.
  public var sum: Double
  /// The sum of the squares of all values.
  public var sumOfSquares: Double
  /// The right edge of each bucket.
  public var bucketLimits: [Double]
  /// The number of values in each bucket, from the previous bucket's edge up to its own.
  public var bucketCounts: [Double]

  /// Creates a histogram that is already counted.
  public init(
    minimum: Double, maximum: Double, count: Double, sum: Double, sumOfSquares: Double,
    bucketLimits: [Double], bucketCounts: [Double]
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.count = count
    self.sum = sum
    self.sumOfSquares = sumOfSquares
    self.bucketLimits = bucketLimits
    self.bucketCounts = bucketCounts
  }

  /// Counts `values` as PyTorch's `add_histogram` does; nil if no value falls into a bucket.
  ///
  /// Values that are NaN or outside the edges only count in `count` and the sums; buckets of equal width span the
  /// finite values. Traps for invalid bins: a count below 1, or edges that are not in ascending order.
  public init?(_ values: [Double], bins: HistogramBins = .tensorflow, maximumBins: Int? = nil) {
    if let flaw = bins.flaw {
      fail("HistogramSummary", flaw.found, expected: flaw.expected)
    }
    var edges = Self.edges(of: bins, for: values)
    guard edges.count > 1 else { return nil }
    var counts = Self.count(values, into: edges)
    if let maximumBins, maximumBins > 0, counts.count > maximumBins {
      let group = counts.count / maximumBins
      // Trailing zeros make the number of buckets a multiple of the group's.
      let rest = counts.count % group
      if rest > 0 { counts += [Double](repeating: 0, count: group - rest) }
      counts = stride(from: 0, to: counts.count, by: group).map {
        counts[$0..<$0 + group].reduce(0, +)
      }
      let last = edges[edges.count - 1]
      edges = stride(from: 0, to: edges.count, by: group).map { edges[$0] }
      if edges[edges.count - 1] != last { edges.append(last) }
    }
    guard let first = counts.firstIndex(where: { $0 > 0 }),
      let last = counts.lastIndex(where: { $0 > 0 })
    else { return nil }
    // An empty bucket in front provides the left edge of the first bucket that is not empty.
    bucketCounts = [0] + counts[first...last]
    bucketLimits = Array(edges[first...last + 1])
    minimum = values.reduce(.infinity) { $0.isNaN || $1.isNaN ? .nan : min($0, $1) }
    maximum = values.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
    count = Double(values.count)
    sum = values.reduce(0, +)
    sumOfSquares = values.reduce(0) { $0 + $1 * $1 }
  }

  /// The number of values in each bucket; the last bucket includes its right edge.
  private static func count(_ values: [Double], into edges: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: edges.count - 1)
    let last = edges[edges.count - 1]
    for value in values where value >= edges[0] && value <= last {
      var (low, high) = (0, edges.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if edges[middle] <= value { low = middle } else { high = middle }
      }
      counts[low] += 1
    }
    return counts
  }

  private static let tensorflowEdges: [Double] = {
    var positive: [Double] = []
    var edge = 1e-12
    while edge < 1e20 {
      positive.append(edge)
      edge *= 1.1
    }
    return positive.reversed().map { -$0 } + [0] + positive
  }()

  private static func edges(of bins: HistogramBins, for values: [Double]) -> [Double] {
    switch bins {
    case .tensorflow: return tensorflowEdges
    case .edges(let edges): return edges
    case .count(let count): return equalEdges(count, values.filter(\.isFinite))
    case .automatic:
      let values = values.filter(\.isFinite)
      return equalEdges(automaticCount(values), values)
    }
  }

  private static func equalEdges(_ count: Int, _ values: [Double]) -> [Double] {
    guard var least = values.min(), var most = values.max(), (most - least).isFinite else {
      return []
    }
    if least == most { (least, most) = (least - 0.5, most + 0.5) }
    let step = (most - least) / Double(count)
    var edges = (0...count).map { Double($0) * step + least }
    edges[count] = most
    return edges
  }

  /// The number of buckets by numpy's "auto" (2.x).
  ///
  /// It takes the smaller of the widths of Sturges and of Freedman and Diaconis; the latter is at least half the
  /// width that a number of buckets equal to the root of the number of values gives.
  private static func automaticCount(_ values: [Double]) -> Int {
    guard let least = values.min(), let most = values.max(), most > least,
      (most - least).isFinite
    else { return 1 }
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
    let size = Double(values.count)
    let spread = most - least
    let sturges = spread / (size.logarithm2 + 1)
    let freedman = 2 * (quantile(0.75) - quantile(0.25)) / size.cubeRoot
    let width = min(max(freedman, spread / size.squareRoot() / 2), sturges)
    // The values are so close that no floating-point number is small enough for the width.
    guard width > 0 else { return 1 }
    return max(1, Int((spread / width).rounded(.up)))
  }
}

/// The decisions of one class in order of their scores, highest first, from which curves are computed.
///
/// There is one entry for each distinct score.
struct RankedScores {
  /// The distinct scores, from the highest.
  private(set) var thresholds: [Double] = []
  /// The numbers of targets, and of others, with a score that is at least as high.
  private(set) var truePositives: [Int] = []
  private(set) var falsePositives: [Int] = []

  var positives: Int { truePositives.last ?? 0 }
  var negatives: Int { falsePositives.last ?? 0 }

  init(_ scores: [Float], _ isTarget: (Int) -> Bool) {
    let keys = Self.sorted(
      scores.indices.map { UInt64(Self.orderedBits(scores[$0])) << 1 | (isTarget($0) ? 1 : 0) })
    var (hits, misses) = (0, 0)
    for index in keys.indices.reversed() {
      if keys[index] & 1 == 1 { hits += 1 } else { misses += 1 }
      if index > 0, keys[index - 1] >> 1 == keys[index] >> 1 { continue }
      thresholds.append(Double(Self.score(UInt32(keys[index] >> 1))))
      truePositives.append(hits)
      falsePositives.append(misses)
    }
  }

  /// Bits that sort like the numbers; −0 equals 0.
  private static func orderedBits(_ score: Float) -> UInt32 {
    let bits = (score + 0).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }
  private static func score(_ bits: UInt32) -> Float {
    Float(bitPattern: bits >> 31 == 1 ? bits & ~(1 << 31) : ~bits)
  }

  /// In ascending order; a radix sort with digits of 11 bits if there are many (Knuth 1973, 5.2.5).
  private static func sorted(_ keys: [UInt64]) -> [UInt64] {
    guard keys.count > 2000 else { return keys.sorted() }
    var (from, to) = (keys, keys)
    for shift in [0, 11, 22] as [UInt64] {
      var places = [Int](repeating: 0, count: 2049)
      from.withUnsafeBufferPointer { from in
        to.withUnsafeMutableBufferPointer { to in
          places.withUnsafeMutableBufferPointer { places in
            for key in from { places[Int(key >> shift & 2047) + 1] += 1 }
            for digit in 1...2048 { places[digit] += places[digit - 1] }
            for key in from {
              let digit = Int(key >> shift & 2047)
              to[places[digit]] = key
              places[digit] += 1
            }
          }
        }
      }
      swap(&from, &to)
    }
    return from
  }
}

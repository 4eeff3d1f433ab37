/// The checkpoints that ``ModelCheckpoint`` keeps: the best ones, or without a metric the newest.
struct KeptCheckpoints {
  /// A checkpoint and its monitored value.
  struct Kept: Codable {
    var path: String
    var score: Double?
  }
  let mode: ModelCheckpoint.Mode
  /// In the order in which they were written.
  var all: [Kept] = []

  /// The best one, of equal ones the first; without scores the newest.
  var best: Kept? {
    all.reduce(nil as Kept?) { best, next in
      guard let best, let old = best.score, let new = next.score else { return next }
      return mode.isBetter(new, than: old) ? next : best
    }
  }

  /// The worst one, of equal ones the first; without scores the oldest.
  var worst: Kept? {
    all.reduce(nil as Kept?) { worst, next in
      guard let worst, let old = worst.score, let new = next.score else { return worst ?? next }
      return mode.isBetter(old, than: new) ? next : worst
    }
  }

  /// Adds a checkpoint; one that it overwrites, and `replaced`, leave.
  mutating func add(_ path: String, _ score: Double?, replacing replaced: String?) {
    all.removeAll { $0.path == path || $0.path == replaced }
    all.append(Kept(path: path, score: score))
  }
}

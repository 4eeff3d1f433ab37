internal import LevinTensorBoard

/// A picture of the first run against the one of the same tag and step of another.
struct ImageDiff: Sendable {
  var tag: String
  var step: Int
  var run: Int
  /// In words: how many pixels differ by how much, or that the sizes do.
  var reason: String

  /// The pictures that differ; steps that only one run has are `missing`.
  static func all(
    _ first: Run, _ other: Run, run: Int
  ) throws -> (compared: Int, differing: [ImageDiff], missing: [MissingSteps]) {
    var compared = 0
    var differing: [ImageDiff] = []
    var missing: [MissingSteps] = []
    for tag in TextDiff.union(first, other, .image) {
      let left = try images(first, tag)
      let right = try images(other, tag)
      missing += MissingSteps(tag, run: run, Set(left.keys), Set(right.keys)).map { [$0] } ?? []
      for step in left.keys.sorted() {
        guard let a = left[step], let b = right[step] else { continue }
        if a.count != b.count {
          let reason = "\(a.count) against \(b.count) pictures"
          differing.append(ImageDiff(tag: tag, step: step, run: run, reason: reason))
        }
        for (a, b) in zip(a, b) {
          compared += 1
          if let reason = difference(a, b) {
            differing.append(ImageDiff(tag: tag, step: step, run: run, reason: reason))
          }
        }
      }
    }
    return (compared, differing, missing)
  }

  private static func images(_ run: Run, _ tag: String) throws -> [Int: [LoggedImage]] {
    guard run.tags.contains(where: { $0.name == tag && $0.kind == .image }) else { return [:] }
    // Of a step that was logged twice, as by Lightning's sanity check, the last time counts; all
    // its pictures share it.
    return Dictionary(grouping: try run.images(tag), by: \.step).mapValues { logged in
      logged.filter { $0.wallTime == logged.last?.wallTime }.map(\.value)
    }
  }

  /// How two pictures differ in what is seen; nil when they do not.
  ///
  /// A gray PNG and an RGB one of the same grays are equal.
  static func difference(_ left: LoggedImage, _ right: LoggedImage) -> String? {
    if left.encoded == right.encoded { return nil }
    guard let a = try? left.pixels(), let b = try? right.pixels() else {
      return "the encoded bytes differ, and not both can be decoded"
    }
    guard a.width == b.width, a.height == b.height else {
      return "\(a.width)×\(a.height) against \(b.width)×\(b.height) pixels"
    }
    var count = 0
    var greatest = 0
    for y in 0..<a.height {
      for x in 0..<a.width {
        let (p, q) = (a.color(x, y), b.color(x, y))
        let distance = max(
          abs(Int(p.0) - Int(q.0)), abs(Int(p.1) - Int(q.1)), abs(Int(p.2) - Int(q.2)))
        if distance > 0 { count += 1 }
        greatest = max(greatest, distance)
      }
    }
    return count == 0
      ? nil : "\(count) of \(a.width * a.height) pixels differ, by at most \(greatest) of 255"
  }
}

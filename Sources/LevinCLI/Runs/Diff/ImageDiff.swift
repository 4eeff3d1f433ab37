internal import LevinTensorBoard

/// A picture of the first run, compared with the one of the same tag and step in another.
struct ImageDiff: Sendable {
  var tag: String
  var step: Int
  var run: Int
  /// The difference in words: how many pixels differ and by how much, or that the sizes differ.
  var reason: String

  /// The pictures that differ; `missing` gets the steps that only one run has.
  static func all(
    _ first: Run, _ other: Run, run: Int
  ) throws -> (compared: Int, differing: [ImageDiff], missing: [MissingSteps]) {
    var compared = 0
    var differing: [ImageDiff] = []
    var missing: [MissingSteps] = []
    let readers = (ValueReader(first), ValueReader(other))
    for tag in TextDiff.union(first, other, .image) {
      let left = first.valuesByStep(tag, .image)
      let right = other.valuesByStep(tag, .image)
      missing += MissingSteps(tag, run: run, Set(left.keys), Set(right.keys)).map { [$0] } ?? []
      for step in left.keys.sorted() {
        guard let places = left[step], let others = right[step] else { continue }
        var a = Pictures(reader: readers.0, tag: tag, places: places[...])
        var b = Pictures(reader: readers.1, tag: tag, places: others[...])
        var reasons: [String] = []
        while let left = try a.next() {
          guard let right = try b.next() else { break }
          compared += 1
          if let reason = difference(left, right) { reasons.append(reason) }
        }
        let counts = (try a.countAll(), try b.countAll())
        if counts.0 != counts.1 {
          reasons.insert("\(counts.0) against \(counts.1) pictures", at: 0)
        }
        differing += reasons.map { ImageDiff(tag: tag, step: step, run: run, reason: $0) }
      }
    }
    return (compared, differing, missing)
  }

  /// The pictures of a step, one at a time.
  private struct Pictures {
    let reader: ValueReader
    let tag: String
    var places: ArraySlice<Int>
    private var pictures: ArraySlice<LoggedImage> = []
    private var count = 0

    init(reader: ValueReader, tag: String, places: ArraySlice<Int>) {
      (self.reader, self.tag, self.places) = (reader, tag, places)
    }

    mutating func next() throws -> LoggedImage? {
      while pictures.isEmpty, let place = places.popFirst() {
        pictures = try reader.value(tag, at: place).images[...]
      }
      guard let picture = pictures.popFirst() else { return nil }
      count += 1
      return picture
    }

    /// The number of pictures, including those that ``next()`` returned.
    mutating func countAll() throws -> Int {
      while try next() != nil {}
      return count
    }
  }

  /// How two pictures differ visibly; nil if they do not.
  ///
  /// A gray PNG and an RGB one with the same grays are equal.
  static func difference(_ left: LoggedImage, _ right: LoggedImage) -> String? {
    if left.encoded == right.encoded { return nil }
    guard let a = try? left.pixels(), let b = try? right.pixels() else {
      return "the encoded bytes differ, and the pictures cannot both be decoded"
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

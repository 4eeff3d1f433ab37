/// The index of a run: its curves, and the positions of everything else in the files.
struct RunIndex: Sendable {
  /// The position of a value that is read on demand.
  struct Place: Sendable {
    var step: Int
    var wallTime: Double
    var file: Int
    var offset: Int
    /// The index of the value in its event.
    var value: Int
  }

  struct Entry: Sendable {
    var tag: Run.Tag
    /// The tag's name in UTF-8, for comparison with the bytes of a file.
    var bytes: [UInt8]
    var scalars = ScalarSeries()
    /// Whether the steps of the curve have never gone back.
    var isRising = true
    var places: [Place] = []
    /// The tag whose value followed this tag's the last time.
    var next = 0
  }

  let purges: Bool
  var files: [Run.File] = []
  var entries: [Entry] = []
  var problems: [Run.Problem] = []
  var problemCount = 0
  var purgedCount = 0
  var hyperparameters: LoggedHyperparameters?
  var wallTimes: ClosedRange<Double>?
  /// The largest step of any tag, hyperparameters aside.
  var farthestStep = Int.min
  var sourceWriter: String?

  private var numbers: [String: Int] = [:]
  private var lastEntry = 0
  /// The file version, for purging, as TensorBoard's `EventAccumulator` keeps it.
  var fileVersion: Double?
  var latestStep = Int.min

  init(purges: Bool) { self.purges = purges }

  func number(of tag: String) -> Int? { numbers[tag] }
  func entry(_ tag: String) -> Entry? { numbers[tag].map { entries[$0] } }

  /// Whether reading on gives the same result as reading everything again: no file but the last has grown, none was
  /// inserted, and none was replaced by a shorter one.
  func continues(_ paths: [String]) throws(EventFileError) -> Bool {
    guard paths.count >= files.count else { return false }
    for (number, file) in files.enumerated() {
      guard paths[number] == file.path else { return false }
      let length = try ReadableFile(path: file.path).length()
      if length < file.read { return false }
      if length > file.read, number < files.count - 1 {
        // An incomplete record that has not grown is nothing new.
        if case .cut(let offset, _) = file.tail, offset == file.read, length == file.seen {
          continue
        }
        if case .lost = file.tail, length == file.seen { continue }
        return false
      }
    }
    return true
  }

  /// The largest step of any point; nil without points.
  var lastStep: Int? {
    entries.compactMap { entry in
      (entry.scalars.steps.max() ?? entry.places.lazy.map(\.step).max())
    }.max()
  }

  /// The entry of a tag given in UTF-8, if it is known.
  ///
  /// Most runs repeat their tags in the same order, so the tag that came next the last time is tried first.
  @inline(__always)
  mutating func find(_ tag: UnsafeRawBufferPointer) -> Int? {
    if lastEntry < entries.count {
      let guess = entries[lastEntry].next
      let isEqual = entries[guess].bytes.withUnsafeBytes { known in
        known.count == tag.count && known.elementsEqual(tag)
      }
      if isEqual {
        lastEntry = guess
        return guess
      }
    }
    guard let name = String(validating: tag, as: UTF8.self), let number = numbers[name] else {
      return nil
    }
    remember(number)
    return number
  }

  private mutating func remember(_ number: Int) {
    if lastEntry < entries.count { entries[lastEntry].next = number }
    lastEntry = number
  }

  /// The entry of a value's tag; it is created if the tag is new.
  mutating func findOrAdd(_ value: SummaryValue, kind: Run.Tag.Kind? = nil) -> Int {
    if let number = numbers[value.tag] {
      remember(number)
      return number
    }
    let tag = Run.Tag(
      name: value.tag, kind: kind ?? Run.Tag.Kind(value),
      metadata: value.metadata ?? SummaryMetadata())
    let number = entries.count
    entries.append(Entry(tag: tag, bytes: Array(value.tag.utf8), next: number))
    numbers[value.tag] = number
    remember(number)
    return number
  }

  mutating func report(_ message: String, at offset: Int, in file: Int) {
    problemCount += 1
    guard problems.count < Run.maximumProblems else { return }
    problems.append(
      Run.Problem(path: files[file].path, offset: offset, message: message))
  }
}

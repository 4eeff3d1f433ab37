/// What ``EventFileReport/init(checking:)`` found in one event file.
public struct EventFileReport: Sendable, Hashable {
  /// One thing that is wrong.
  public struct Finding: Sendable, Hashable {
    /// Which of the rules is broken.
    public enum Rule: String, Sendable {
      /// Lengths and their checksums.
      case framing
      /// Checksums of the data.
      case checksum
      /// The data is not an event.
      case decoding
      /// Steps go back, or the file does not begin with its version.
      case order
      /// A value that readers reject.
      case content
    }

    /// The record, in bytes from the start of the file.
    public var offset: Int
    /// Which of the rules is broken.
    public var rule: Rule
    /// One sentence.
    public var message: String
  }

  /// The path of the file.
  public let path: String
  /// Its length in bytes when the end was met.
  public private(set) var length = 0
  /// Whole records that are events.
  public private(set) var recordCount = 0
  /// Values in them.
  public private(set) var valueCount = 0
  /// How many different tags they have.
  public var tagCount: Int { lastSteps.count }
  /// The first 1000 findings.
  public private(set) var findings: [Finding] = []
  /// How many findings there are.
  public private(set) var findingCount = 0
  /// A record at the end that is not written in full: a writer may still be at it.
  public private(set) var unfinished: (offset: Int, missing: UInt64)?

  private var lastSteps: [String: Int] = [:]
  private var kinds: [String: Run.Tag.Kind] = [:]

  /// Reads the whole file and notes what is wrong where.
  ///
  /// Throws if it cannot be read, or is not an event file: it has bytes, but no record begins anywhere.
  public init(checking path: String) throws(EventFileError) {
    self.path = path
    let reader = try EventFileReader(path: path)
    while let item = try reader.next() { note(item) }
    length = reader.length
    if recordCount == 0, findingCount == 1, findings[0].rule == .framing, case .lost = reader.tail {
      throw .noEventFile(path: path, length: length)
    }
    guard case .cut(let offset, let missing) = reader.tail else { return }
    // Whole records behind it show that nobody will finish it.
    guard let damage = try reader.salvageTail(), let next = try reader.next() else {
      unfinished = (offset, missing)
      return
    }
    note(damage)
    note(next)
    while let item = try reader.next() { note(item) }
  }

  /// Whether every byte of the file belongs to a whole record, and nothing was found.
  public var isSound: Bool { findingCount == 0 && unfinished == nil }

  private mutating func add(_ rule: Finding.Rule, _ offset: Int, _ message: String) {
    findingCount += 1
    guard findings.count < Run.maximumProblems else { return }
    findings.append(Finding(offset: offset, rule: rule, message: message))
  }

  private mutating func note(_ item: EventFileReader.Item) {
    switch item {
    case .damage(let damage):
      note(damage)
    case .event(let event, let offset):
      note(event, at: offset, isFirst: recordCount == 0 && findingCount == 0)
      recordCount += 1
    }
  }

  private mutating func note(_ damage: Damage) {
    let rule: Finding.Rule =
      switch damage.kind {
      case .lengthChecksum, .tooLarge, .cut: .framing
      case .dataChecksum: .checksum
      case .undecodable: .decoding
      }
    add(rule, damage.offset, "\(damage.kind); bytes \(damage.offset)..<\(damage.end) are skipped")
  }

  private mutating func note(_ event: LoggedEvent, at offset: Int, isFirst: Bool) {
    if event.wallTime.isNaN {
      add(.content, offset, "the time is NaN: TensorBoard's server reads no further")
    } else if event.wallTime.isInfinite {
      add(.content, offset, "the time is infinite: TensorBoard's server drops the event")
    }
    if case .fileVersion(let version) = event.content {
      if !version.hasPrefix("brain.Event:") {
        add(.content, offset, "the file's version is '\(version)', not 'brain.Event:2'")
      }
    } else if isFirst {
      add(.order, offset, "the first event does not give the file's version")
    }
    if case .sessionLog(let log) = event.content, log.status == .start {
      // A restart declares what comes from here on anew.
      for (tag, step) in lastSteps where step >= event.step {
        lastSteps[tag] = event.step == .min ? nil : event.step - 1
      }
    }
    guard case .summary(let values) = event.content else { return }
    for value in values {
      valueCount += 1
      let kind = kinds[value.tag] ?? Run.Tag.Kind(value)
      kinds[value.tag] = kind
      if !kind.accepts(value.content) {
        add(
          .content, offset,
          "another kind of value under the tag '\(value.tag)', which has \(kind.name)")
      }
      if let last = lastSteps[value.tag], event.step < last {
        add(
          .order, offset,
          "step \(event.step) of '\(value.tag)' comes after step \(last): "
            + "TensorBoard drops the points between")
      }
      lastSteps[value.tag] = event.step
    }
  }
}

extension EventFileReport {
  /// Compares all properties.
  public static func == (left: Self, right: Self) -> Bool {
    left.path == right.path && left.length == right.length && left.findings == right.findings
      && left.recordCount == right.recordCount && left.valueCount == right.valueCount
  }

  /// Hashes path, length and findings.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(length)
    hasher.combine(findings)
  }
}

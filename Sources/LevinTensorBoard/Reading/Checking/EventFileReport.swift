/// The findings of ``EventFileReport/init(checking:)`` in one event file.
public struct EventFileReport: Sendable, Hashable {
  /// One problem.
  public struct Finding: Sendable, Hashable {
    /// The rules that a file can break.
    public enum Rule: String, Sendable {
      /// Lengths and their checksums are correct.
      case framing
      /// The checksums of the data are correct.
      case checksum
      /// The data of each record is an event.
      case decoding
      /// Steps do not go back, and the file begins with its version.
      case order
      /// Values are ones that readers accept.
      case content
    }

    /// The position of the record, in bytes from the start of the file.
    public var offset: Int
    /// The rule that is broken.
    public var rule: Rule
    /// One sentence about the problem.
    public var message: String
  }

  /// The path of the file.
  public let path: String
  /// The length of the file in bytes when its end was reached.
  public private(set) var length = 0
  /// The number of complete records that are events.
  public private(set) var recordCount = 0
  /// The number of values in them.
  public private(set) var valueCount = 0
  /// The number of different tags.
  public var tagCount: Int { lastSteps.count }
  /// The first 1000 findings.
  public private(set) var findings: [Finding] = []
  /// The number of findings.
  public private(set) var findingCount = 0
  /// A record at the end that is not complete: a writer may still be writing it.
  public private(set) var unfinished: (offset: Int, missing: UInt64)?

  private var lastSteps: [String: Int] = [:]
  private var kinds: [String: Run.Tag.Kind] = [:]

  /// Reads the whole file and reports every problem with its position.
  ///
  /// Throws if the file cannot be read, or is not an event file: it has bytes, but no record begins anywhere.
  public init(checking path: String) throws(EventFileError) {
    self.path = path
    let reader = try EventFileReader(path: path)
    while let item = try reader.next() { note(item) }
    length = reader.length
    if recordCount == 0, findingCount == 1, findings[0].rule == .framing, case .lost = reader.tail {
      throw .noEventFile(path: path, length: length)
    }
    guard case .cut(let offset, let missing) = reader.tail else { return }
    // Complete records after it show that it will never be finished.
    guard let damage = try reader.salvageTail(), let next = try reader.next() else {
      unfinished = (offset, missing)
      return
    }
    note(damage)
    note(next)
    while let item = try reader.next() { note(item) }
  }

  /// Whether every byte of the file belongs to a complete record, and nothing was found.
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
      // A restart replaces everything from its step on.
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

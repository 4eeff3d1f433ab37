extension RunIndex {
  /// Reads a file from where the last read ended; returns whether there was anything.
  mutating func read(_ file: Int) throws(EventFileError) -> Bool {
    let state = files[file]
    var isSearching = false
    if case .lost = state.tail { isSearching = true }
    var reader = try RecordReader(
      path: state.path, from: state.read, limit: EventFileReader.defaultMaximumRecordLength,
      isSearching: isSearching)
    var found = false
    loop: while true {
      switch try reader.next() {
      case .record(let offset, let payload):
        take(payload, at: offset, in: file)
      case .damage(let damage):
        report(damage.description, at: damage.offset, in: file)
      case .end:
        break loop
      }
      found = true
    }
    files[file].read = reader.position
    files[file].tail = reader.tail
    files[file].seen = reader.seenLength
    return found
  }

  /// Adds one record.
  @inline(__always)
  private mutating func take(_ record: UnsafeRawBufferPointer, at offset: Int, in file: Int) {
    if let scalar = ScalarEvent(scanning: record), let number = find(scalar.tag),
      entries[number].tag.kind == .scalar
    {
      if goesBack(to: scalar.step, at: scalar.wallTime) { purge(number, from: scalar.step) }
      append(scalar.value, step: scalar.step, wallTime: scalar.wallTime, to: number)
      return
    }
    do throws(WireError) {
      take(try LoggedEvent(decoding: record), at: offset, in: file)
    } catch {
      report(
        Damage.Kind.undecodable(error.description).description + " (byte \(offset))", at: offset,
        in: file)
    }
  }

  private mutating func append(_ value: Double, step: Int, wallTime: Double, to number: Int) {
    if let last = entries[number].scalars.steps.last, step < last {
      entries[number].isRising = false
    }
    entries[number].scalars.steps.append(step)
    entries[number].scalars.values.append(value)
    entries[number].scalars.wallTimes.append(wallTime)
    entries[number].tag.count += 1
  }

  private mutating func take(_ event: LoggedEvent, at offset: Int, in file: Int) {
    if let writer = event.sourceWriter, sourceWriter == nil { sourceWriter = writer }
    switch event.content {
    case .none, .message, .metaGraph:
      widen(event.wallTime)
    case .fileVersion(let version):
      widen(event.wallTime)
      fileVersion = version.split(separator: ":").last.flatMap { Double($0) } ?? fileVersion
    case .sessionLog(let log):
      widen(event.wallTime)
      if log.status == .start { restart(at: event.step) }
    case .graph:
      widen(event.wallTime)
      var value = SummaryValue()
      value.tag = Run.graphTag
      add(value, kind: .graph, event: event, offset: offset, file: file, position: 0)
    case .runMetadata(let tag, _):
      widen(event.wallTime)
      var value = SummaryValue()
      value.tag = tag
      add(value, kind: .runMetadata, event: event, offset: offset, file: file, position: 0)
    case .summary(let values):
      if goesBack(to: event.step, at: event.wallTime) {
        for number in values.compactMap({ self.number(of: $0.tag) }) {
          purge(number, from: event.step)
        }
      }
      for (position, value) in values.enumerated() {
        add(value, kind: nil, event: event, offset: offset, file: file, position: position)
      }
    }
  }

  private mutating func add(
    _ value: SummaryValue, kind: Run.Tag.Kind?, event: LoggedEvent, offset: Int, file: Int,
    position: Int
  ) {
    let number = findOrAdd(value, kind: kind)
    let expected = entries[number].tag.kind
    guard kind.map({ $0 == expected }) ?? expected.accepts(value.content) else {
      return report(
        "byte \(offset): another kind of value under the tag '\(value.tag)', which has "
          + "\(expected.name)", at: offset, in: file)
    }
    farthestStep = max(farthestStep, event.step)
    switch (expected, value.content) {
    case (.scalar, .scalar(let number32)):
      append(Double(number32), step: event.step, wallTime: event.wallTime, to: number)
    case (.scalar, .tensor(let tensor)):
      append(tensor.scalar ?? .nan, step: event.step, wallTime: event.wallTime, to: number)
      if let integer = tensor.roundedInteger {
        let place = entries[number].scalars.count - 1
        entries[number].scalars.exactIntegers[place] = integer
      }
    case (.hyperparameters, _):
      addHyperparameters(value.metadata, tag: value.tag, at: offset, in: file)
      fallthrough
    default:
      entries[number].places.append(
        Place(
          step: event.step, wallTime: event.wallTime, file: file, offset: offset, value: position))
      entries[number].tag.count += 1
    }
  }

  private mutating func addHyperparameters(
    _ metadata: SummaryMetadata?, tag: String, at offset: Int, in file: Int
  ) {
    guard let metadata, !metadata.pluginContent.isEmpty else { return }
    var known = hyperparameters ?? LoggedHyperparameters()
    let failure: WireError? = metadata.pluginContent.withUnsafeBytes { bytes in
      do throws(WireError) {
        try known.add(pluginData: WireReader(bytes))
        return nil
      } catch {
        return error
      }
    }
    if let failure {
      report(
        "byte \(offset): the hyperparameters under '\(tag)' are unreadable: \(failure.reason)",
        at: offset, in: file)
    } else {
      hyperparameters = known
    }
  }

  private mutating func widen(_ wallTime: Double) {
    guard wallTime.isFinite, wallTime > 0 else { return }
    guard let known = wallTimes else { return wallTimes = wallTime...wallTime }
    if known.contains(wallTime) { return }
    wallTimes = min(known.lowerBound, wallTime)...max(known.upperBound, wallTime)
  }

  /// Notes the step and time of an event with values; returns whether its step is lower than the last one, which
  /// purges in files older than version 2.
  @inline(__always)
  private mutating func goesBack(to step: Int, at wallTime: Double) -> Bool {
    widen(wallTime)
    farthestStep = max(farthestStep, step)
    defer { latestStep = step }
    return step < latestStep && (fileVersion ?? 0) < 2 && purges
  }
}

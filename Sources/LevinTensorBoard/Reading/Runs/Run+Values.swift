extension Run {
  /// The texts under a tag, oldest first; only the `last` ones if given.
  public func texts(
    _ tag: String, last: Int = .max
  ) throws(EventFileError) -> [Logged<LoggedText>] {
    try values(tag, .text, last: last) { event, value in
      guard case .tensor(let tensor) = value.content, case .strings(let strings) = tensor.values
      else { return [] }
      let text = LoggedText(
        strings: strings.map { String(decoding: $0, as: UTF8.self) }, shape: tensor.shape)
      return [text]
    }
  }

  /// The pictures under a tag, oldest first; of a step with several, all.
  public func images(
    _ tag: String, last: Int = .max
  ) throws(EventFileError) -> [Logged<LoggedImage>] {
    try values(tag, .image, last: last) { event, value in
      switch value.content {
      case .image(let image): return [image]
      case .tensor(let tensor):
        // Width and height in digits, then the pictures.
        guard case .strings(let strings) = tensor.values, strings.count >= 2 else { return [] }
        let size = strings[..<2].map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
        return strings[2...].map { LoggedImage(width: size[0], height: size[1], encoded: $0) }
      default: return []
      }
    }
  }

  /// The histograms under a tag, oldest first.
  public func histograms(
    _ tag: String, last: Int = .max
  ) throws(EventFileError) -> [Logged<LoggedHistogram>] {
    try values(tag, .histogram, last: last) { event, value in
      switch value.content {
      case .histogram(let histogram): return [histogram]
      case .tensor(let tensor): return LoggedHistogram(tensor).map { [$0] } ?? []
      default: return []
      }
    }
  }

  /// The sounds under a tag, oldest first.
  public func sounds(
    _ tag: String, last: Int = .max
  ) throws(EventFileError) -> [Logged<LoggedAudio>] {
    try values(tag, .audio, last: last) { event, value in
      switch value.content {
      case .audio(let audio): return [audio]
      case .tensor(let tensor):
        guard case .strings(let strings) = tensor.values else { return [] }
        // Pairs of a sound and its label, or sounds alone.
        let width = tensor.shape.count == 2 ? max(1, tensor.shape[1]) : 1
        return stride(from: 0, to: strings.count, by: width).map {
          var audio = LoggedAudio()
          audio.encoded = strings[$0]
          return audio
        }
      default: return []
      }
    }
  }

  /// The tensors under a tag of any kind that stores them, oldest first: precision-recall curves,
  /// meshes, others'.
  public func tensors(
    _ tag: String, last: Int = .max
  ) throws(EventFileError) -> [Logged<LoggedTensor>] {
    guard let kind = index.entry(tag)?.tag.kind else {
      throw .noSuchTag(tag, kind: "tensor", directory: directory)
    }
    return try values(tag, kind, last: last) { event, value in
      guard case .tensor(let tensor) = value.content else { return [] }
      return [tensor]
    }
  }

  /// The model's graph, the newest one; nil where none was written.
  public func graph() throws(EventFileError) -> LoggedGraph? {
    guard let place = index.entry("__run_graph__")?.places.last else { return nil }
    let path = index.files[place.file].path
    var reader = try RecordReader(path: path, limit: EventFileReader.defaultMaximumRecordLength)
    guard case .graph(let bytes) = try Self.event(at: place, path, &reader).content else {
      throw .recordChanged(path: path, offset: place.offset)
    }
    let graph: LoggedGraph? = bytes.withUnsafeBytes { bytes in
      do throws(WireError) { return try LoggedGraph(decoding: bytes) } catch { return nil }
    }
    return graph
  }

  /// Reads the values of a tag at the places that the index has for them.
  private func values<Value>(
    _ tag: String, _ kind: Tag.Kind, last: Int,
    _ convert: (LoggedEvent, SummaryValue) -> [Value]
  ) throws(EventFileError) -> [Logged<Value>] {
    guard let entry = index.entry(tag), entry.tag.kind == kind else {
      throw .noSuchTag(tag, kind: String(kind.name), directory: directory)
    }
    var found: [Logged<Value>] = []
    var places = entry.places.suffix(max(0, last))[...]
    while let file = places.first?.file {
      // One reader serves all values of a file; those of one file stand together.
      let path = index.files[file].path
      var reader = try RecordReader(
        path: path, limit: EventFileReader.defaultMaximumRecordLength)
      while let place = places.first, place.file == file {
        places.removeFirst()
        let event = try Self.event(at: place, path, &reader)
        guard case .summary(let values) = event.content, place.value < values.count,
          values[place.value].tag == tag
        else { throw .recordChanged(path: path, offset: place.offset) }
        found += convert(event, values[place.value]).map {
          Logged(step: place.step, wallTime: place.wallTime, value: $0)
        }
      }
    }
    return found
  }

  private static func event(
    at place: RunIndex.Place, _ path: String, _ reader: inout RecordReader
  ) throws(EventFileError) -> LoggedEvent {
    reader.seek(to: place.offset)
    if case .record(place.offset, let payload) = try reader.next() {
      do throws(WireError) { return try LoggedEvent(decoding: payload) } catch {}
    }
    throw .recordChanged(path: path, offset: place.offset)
  }
}

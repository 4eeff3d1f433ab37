/// Reads the values whose positions a ``Run`` holds, one at a time: memory does not grow with the file.
///
///     let reader = ValueReader(run)
///     for (index, point) in run.points("train/inputs").enumerated() {
///       for picture in try reader.value("train/inputs", at: index).images {
///         print(point.step, picture.width, picture.height)
///       }
///     }
///
/// It is fastest in the order of the points, which is that of the files.
public final class ValueReader {
  private let index: RunIndex
  private let directory: String
  /// The file that was read last.
  private var records: (file: Int, reader: RecordCursor)?
  /// The event that was decoded last: one event may carry the values of many tags.
  private var last: (place: RunIndex.Place, event: LoggedEvent)?

  /// Creates a reader of the values in `run`.
  public init(_ run: Run) {
    index = run.index
    directory = run.directory
  }

  /// The value at `index` of ``Run/points(_:)``.
  public func value(_ tag: String, at index: Int) throws(EventFileError) -> SummaryValue {
    let (place, event) = try event(tag, at: index)
    guard case .summary(let values) = event.content, place.value < values.count,
      values[place.value].tag == tag
    else { throw changed(place) }
    return values[place.value]
  }

  /// The event of the point at `index`, for tags whose values are not summaries: graphs and run
  /// metadata.
  func event(
    _ tag: String, at index: Int
  ) throws(EventFileError) -> (place: RunIndex.Place, event: LoggedEvent) {
    guard let entry = self.index.entry(tag), entry.places.indices.contains(index) else {
      throw .noSuchTag(tag, kind: "value \(index)", directory: directory)
    }
    let place = entry.places[index]
    if let last, last.place.file == place.file, last.place.offset == place.offset {
      return (place, last.event)
    }
    last = nil
    if records?.file != place.file {
      records = (place.file, try RecordCursor(path: self.index.files[place.file].path))
    }
    guard let event = try records?.reader.event(at: place.offset) else { throw changed(place) }
    last = (place, event)
    return (place, event)
  }

  func changed(_ place: RunIndex.Place) -> EventFileError {
    .recordChanged(path: index.files[place.file].path, offset: place.offset)
  }
}

/// Reads single records of a file.
private final class RecordCursor {
  private var records: RecordReader

  init(path: String) throws(EventFileError) {
    records = try RecordReader(
      path: path, limit: EventFileReader.defaultMaximumRecordLength, bufferLength: 1 << 16)
  }

  /// The event of the record that begins at `offset`; nil if no record begins there.
  func event(at offset: Int) throws(EventFileError) -> LoggedEvent? {
    records.seek(to: offset)
    guard case .record(offset, let payload) = try records.next() else { return nil }
    do throws(WireError) { return try LoggedEvent(decoding: payload) } catch { return nil }
  }
}

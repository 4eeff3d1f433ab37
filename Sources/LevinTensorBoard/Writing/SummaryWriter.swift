internal import LevinSystem

/// Writes TensorBoard event files.
///
/// Values go to one writing thread through a bounded queue: when it is full, the caller waits, and nothing is
/// dropped. What was logged is handed to the system without delay, in complete records; ``flush()`` waits until it is
/// on the disk. A writer may be used from any thread, and in a process forked from this one, where it writes its own
/// file. Several writers may write to one folder: the names of their files sort by age.
public final class SummaryWriter: Sendable {
  /// The folder of the run.
  public let directory: String
  private let queue: ForkSafe<WriterQueue>
  let subruns: SubrunWriters

  /// Creates a writer to `directory`, which is created if it is missing.
  ///
  /// The event file is created with the first value. Throws if the folder cannot be created.
  ///
  /// - Parameters:
  ///   - purgeStep: The step at which a file that continues a run begins: TensorBoard drops the run's points from
  ///     this step on. If nil, it is the step of the file's first value, and nothing is dropped while another writer
  ///     has a file open in the folder. A run's first file always begins at 0, and a file after ``close()`` at its
  ///     first value.
  ///   - queueCapacity: The number of values that may wait to be written, at least 1.
  public init(directory: String, purgeStep: Int? = nil, queueCapacity: Int = 4096) throws {
    self.directory = directory
    do throws(FileError) {
      try FileBytes.makeFolder(directory)
    } catch {
      throw EventWriterError(error)
    }
    let queue = WriterQueue(
      directory: directory, purgeStep: purgeStep.map { Int64($0) }, capacity: queueCapacity)
    self.queue = ForkSafe(queue) {
      WriterQueue(directory: directory, purgeStep: nil, capacity: queueCapacity)
    }
    subruns = SubrunWriters(directory: directory)
  }

  deinit { try? queue.object.close() }

  /// Returns when everything logged before is on the disk.
  ///
  /// Throws ``EventWriterError`` if that failed.
  public func flush() throws {
    let result = Result { try queue.object.flush() }
    try subruns.forEach { try $0.flush() }
    try result.get()
  }

  /// Flushes and closes the file; a later value opens a new one.
  ///
  /// Throws ``EventWriterError`` if writing failed.
  public func close() throws {
    let result = Result { try queue.object.close() }
    try subruns.forEach { try $0.close() }
    try result.get()
  }

  /// The given time, or the current one if it is nil or NaN: a NaN in an event would make TensorBoard stop reading
  /// the file.
  static func time(_ wallTime: Double?) -> Double {
    if let wallTime, wallTime.isFinite { return wallTime }
    return Clock.wallTime
  }

  func add(_ content: EventContent, _ step: Int, _ wallTime: Double?) {
    let wallTime = Self.time(wallTime)
    queue.object.enqueue(PendingEvent(wallTime: wallTime, step: Int64(step), content: content))
  }

  func add(
    _ tag: String, _ content: SummaryItem.Content, _ metadata: SummaryMetadata? = nil, _ step: Int,
    _ wallTime: Double?
  ) {
    checkTag(tag)
    add(.summary(SummaryItem(tag: tag, metadata: metadata, content: content)), step, wallTime)
  }
}

extension SummaryMetadata {
  /// The metadata of a plugin's value.
  init(plugin: String, content: [UInt8] = [], dataClass: DataClass = .unknown) {
    self.init()
    pluginName = plugin
    pluginContent = content
    self.dataClass = dataClass
  }

  /// Metadata with a title or a description; nil if there is neither.
  ///
  /// TensorBoard's faster reader keeps them only if plugin and data class are set.
  init?(plugin: String, dataClass: DataClass, title: String?, description: String?) {
    guard title != nil || description != nil else { return nil }
    self.init(plugin: plugin, dataClass: dataClass)
    displayName = title ?? ""
    self.description = description ?? ""
  }
}

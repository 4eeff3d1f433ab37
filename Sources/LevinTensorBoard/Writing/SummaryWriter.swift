import Foundation

/// Writes TensorBoard event files.
///
/// Values are handed to one writing thread through a bounded queue: when it is full, the caller waits, and nothing is
/// dropped. What was logged leaves the process at once, on record boundaries; ``flush()`` waits until it is on the disk.
/// A writer may be used from any thread.
public final class SummaryWriter: Sendable {
  /// The folder of the run.
  public let directory: String
  private let queue: WriterQueue

  /// A writer into `directory`, which is made where it is missing. The event file appears with the first value.
  /// Throws where the folder cannot be made.
  ///
  /// - Parameters:
  ///   - purgeStep: Where a file that continues a run begins: TensorBoard forgets the run's points from this step on.
  ///     nil: at the step of the file's first value. A run's first file begins at 0 in any case.
  ///   - queueCapacity: Values that may wait to be written.
  public init(directory: String, purgeStep: Int? = nil, queueCapacity: Int = 4096) throws {
    self.directory = directory
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw EventWriterError(doing: "make the folder", path: directory, errno)
    }
    queue = WriterQueue(
      directory: directory, purgeStep: purgeStep.map { Int64($0) }, capacity: queueCapacity)
  }

  deinit { try? queue.close() }

  /// A point of the curve `tag`, kept as a 32-bit float.
  public func addScalar(_ tag: String, _ value: Double, step: Int = 0, wallTime: Double? = nil) {
    add(.scalar(tag: tag, Float(value)), step, wallTime)
  }

  /// A picture under `tag`.
  public func addImage(_ tag: String, _ image: PixelImage, step: Int = 0, wallTime: Double? = nil) {
    add(.image(tag: tag, image), step, wallTime)
  }

  /// A text, in Markdown, under `tag/text_summary`.
  public func addText(_ tag: String, _ text: String, step: Int = 0, wallTime: Double? = nil) {
    add(.text(tag: tag, text), step, wallTime)
  }

  /// Returns when everything before it is on the disk. Throws ``EventWriterError`` where that failed.
  public func flush() throws { try queue.flush() }

  /// Flushes and closes the file; a later value opens a new one. Throws ``EventWriterError`` where writing failed.
  public func close() throws { try queue.close() }

  private func add(_ content: EventContent, _ step: Int, _ wallTime: Double?) {
    let wallTime = wallTime ?? Date().timeIntervalSince1970
    queue.enqueue(PendingEvent(wallTime: wallTime, step: Int64(step), content: content))
  }
}

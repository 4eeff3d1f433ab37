extension SummaryWriter {
  /// Marks a point that the run can resume from, such as that of a checkpoint, for ``rewind(_:to:)``.
  ///
  /// It is written as a session log's CHECKPOINT, which TensorBoard does not show.
  public func addMark(_ mark: String, step: Int = 0, wallTime: Double? = nil) {
    add(.mark(mark), step, wallTime)
  }

  /// Rewinds the run in `directory` to a mark: everything after it is moved from the event files to files beside them
  /// that TensorBoard does not read, `events.out.void.…`.
  ///
  /// Only the position of a value counts, whatever its step means, batches or epochs. Later files of other writers
  /// stay. No one else may be writing to the folder.
  ///
  /// - Returns: The step after everything that is kept; nil if there is no such mark, in which case nothing has
  ///   changed.
  public static func rewind(_ directory: String, to mark: String) throws -> Int? {
    try EventHistory(directory).rewind(to: mark)
  }
}

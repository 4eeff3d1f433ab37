extension SummaryWriter {
  /// Marks a point from which the run can resume, such as that of a checkpoint, for ``rewind(_:to:)``.
  ///
  /// It is a session log's CHECKPOINT, which TensorBoard does not show.
  public func addMark(_ mark: String, step: Int = 0, wallTime: Double? = nil) {
    add(.mark(mark), step, wallTime)
  }

  /// Takes the run in `directory` back to a mark: everything after it is moved from the event files into files beside
  /// them that TensorBoard does not read, `events.out.void.…`.
  ///
  /// Whatever a value's step counts, batches or epochs, only its place matters. Later files of other writers
  /// stay. Nobody else may be writing into the folder.
  ///
  /// - Returns: The step after all that is kept; nil if there is no such mark, and nothing was changed.
  public static func rewind(_ directory: String, to mark: String) throws -> Int? {
    try EventHistory(directory).rewind(to: mark)
  }
}

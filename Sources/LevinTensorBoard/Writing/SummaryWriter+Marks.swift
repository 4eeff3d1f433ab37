extension SummaryWriter {
  /// Marks a point of the run from which it may go on, such as that of a checkpoint; ``rewind(_:to:)`` finds it.
  ///
  /// It is a session log's CHECKPOINT, of which TensorBoard shows nothing.
  public func addMark(_ mark: String, step: Int = 0, wallTime: Double? = nil) {
    add(.mark(mark), step, wallTime)
  }

  /// Takes the run in `directory` back to a mark: what stands behind it goes from the event files into files beside
  /// them that TensorBoard does not read, `events.out.void.…`.
  ///
  /// Whatever a value's step counts, batches or epochs, it stays or goes by its place. Files of other writers than
  /// this one that were made later stay. Nobody else may be writing into the folder.
  ///
  /// - Returns: The step behind all that is kept; nil where the mark is not there, and nothing was changed.
  public static func rewind(_ directory: String, to mark: String) throws -> Int? {
    try EventHistory(directory).rewind(to: mark)
  }
}

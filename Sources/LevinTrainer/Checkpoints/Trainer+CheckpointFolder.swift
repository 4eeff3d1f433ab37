internal import LevinFormats

extension Trainer {
  /// Throws where checkpoints could not be written.
  ///
  /// A run's folder is made when there is something to write, and only asked about here; a folder of the user's
  /// choice is made.
  func checkCheckpointFolder(_ chosen: String?) throws(FileError) {
    if chosen == nil, let run = logger?.runFolder { return try run.checkWritable() }
    let folder =
      chosen
      ?? RunFolder.joined(
        logger?.logDirectory ?? configuration.defaultRootDir ?? ".", "checkpoints")
    try FileBytes.makeFolder(folder)
    let problem = Platform.writeProblem(folder)
    guard problem == 0 else { throw FileError(.write, path: folder, code: problem) }
  }
}

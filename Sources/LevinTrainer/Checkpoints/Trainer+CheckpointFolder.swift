internal import LevinSystem

extension Trainer {
  /// Throws if checkpoints could not be written.
  ///
  /// A run's own folder is created later, when there is something to write; a folder chosen by the user is created
  /// here.
  func checkCheckpointFolder(_ chosen: String?) throws(FileError) {
    if chosen == nil, let run = logger?.runFolder { return try run.checkWritable() }
    let folder =
      chosen
      ?? RunFolder.joined(
        logger?.logDirectory ?? configuration.defaultRootDir ?? ".", "checkpoints")
    try FileBytes.makeFolder(folder)
    try FileSystem.checkWritable(folder, for: .write)
  }
}

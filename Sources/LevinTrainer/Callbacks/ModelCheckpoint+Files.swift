internal import LevinSystem

// The names of the files, and which of them are removed.
extension ModelCheckpoint {
  func name(_ trainer: Trainer) -> String {
    var values = trainer.callbackMetrics
    values["epoch"] = Double(trainer.currentEpoch)
    values["step"] = Double(trainer.globalStep)
    let name = try? CheckpointName(options.fileName, insertsNames: options.autoInsertMetricName)
    return name?.text(values) ?? options.fileName
  }

  /// `name`, or `name-v1`, `name-v2`, … if a file that is not about to be replaced has that name.
  func freePath(in folder: String, name: String, replacing: String?) -> String {
    var path = RunFolder.joined(folder, name + options.format.fileExtension)
    var version = 0
    while options.enableVersionCounter, path != replacing, FileBytes.isFile(path) {
      version += 1
      path = RunFolder.joined(folder, "\(name)-v\(version)" + options.format.fileExtension)
    }
    return path
  }

  func remove(_ path: String) {
    guard !pinned.contains(path), !pinned.contains(FileSystem.realPath(path) ?? path) else {
      return
    }
    FileSystem.removeFile(path)
  }

  func removeInterruption(in folder: String) {
    guard let interruption, !options.saveWeightsOnly,
      isSame(RunFolder.folder(of: interruption), folder)
    else { return }
    FileSystem.removeFile(interruption)
    self.interruption = nil
  }

  func isSame(_ a: String, _ b: String) -> Bool {
    a == b || FileSystem.realPath(a).map { $0 == FileSystem.realPath(b) } ?? false
  }
}

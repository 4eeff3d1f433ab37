internal import LevinSystem

/// Turns `last`, `best` and the folder of a run into the path of a checkpoint.
package enum CheckpointPath {
  static let fileExtension = ".safetensors"

  /// Whether a file may be a checkpoint, by its name.
  package static func isCheckpoint(_ name: String) -> Bool {
    name.hasSuffix(fileExtension) || name.hasSuffix(".ckpt")
  }

  /// - Parameters:
  ///   - wanted: A file, the folder of a run or of checkpoints (which stands for the newest), `last` or `best`.
  ///   - parent: The folder of all versions.
  package static func resolve(_ wanted: String, parent: String) throws -> String {
    guard wanted == "last" || wanted == "best" else {
      if FileBytes.isFile(wanted) { return wanted }
      guard FileSystem.isFolder(wanted) else {
        throw CheckpointError.missing(path: wanted, offersLast: true)
      }
      let newest = newest(in: RunFolder.joined(wanted, "checkpoints")) ?? newest(in: wanted)
      guard let newest else { throw CheckpointError.noneIn(folder: wanted) }
      return newest
    }
    for version in RunFolder.versions(in: parent).reversed() {
      let folder = RunFolder.joined(
        RunFolder.joined(parent, "version_\(version)"), "checkpoints")
      guard let newest = newest(in: folder) else { continue }
      return wanted == "last" ? newest : try best(in: folder, newest: newest)
    }
    throw CheckpointError.noneBelow(folder: parent, wanted: wanted)
  }

  /// The newest checkpoint by time, and then by steps.
  private static func newest(in folder: String) -> String? {
    let candidates = FileSystem.names(in: folder).filter(isCheckpoint)
    func time(_ path: String) -> Int { (try? FileStatus(path))?.modificationTime ?? 0 }
    return candidates.map { RunFolder.joined(folder, $0) }
      .max { a, b in (time(a), a) < (time(b), b) }
  }

  /// The best checkpoint according to the state of ModelCheckpoint in the newest one.
  private static func best(in folder: String, newest: String) throws -> String {
    let checkpoint = try Checkpoint(path: newest)
    for (_, text) in checkpoint.callbackStates.sorted(by: { $0.key < $1.key }) {
      guard let state = try? JSONText.decode(ModelCheckpoint.State.self, text),
        let best = state.bestModelPath
      else { continue }
      // The run may have been moved; its files still have their names.
      let name = best.split(separator: "/").last.map(String.init) ?? best
      let path = RunFolder.joined(folder, name)
      if FileBytes.isFile(path) { return path }
      if FileBytes.isFile(best) { return best }
    }
    throw CheckpointError.noBest(folder: folder)
  }
}

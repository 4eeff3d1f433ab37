internal import ArgumentParser
internal import LevinSystem
internal import LevinTrainer

/// What a shell offers for a run or a checkpoint; it asks the program each time.
enum RunCompletion {
  /// The runs below lightning_logs by name and by number, and folders at the path that is typed.
  static let run = CompletionKind.custom { _, _, typed in runs(typed) }

  /// `last`, `best`, the checkpoints below lightning_logs, and files at the path that is typed.
  static let checkpoint = CompletionKind.custom { _, _, typed in checkpoints(typed) }

  static func runs(_ typed: String) -> [String] {
    let names = RunPaths.runs(under: RunPaths.defaultRoot).map(\.name)
    let numbers = names.compactMap { $0.split(separator: "version_").first }
      .filter { Int($0) != nil }.map(String.init)
    return (numbers + names).filter { $0.hasPrefix(typed) } + entries(typed) { _ in false }
  }

  static func checkpoints(_ typed: String) -> [String] {
    let files = RunPaths.runs(under: RunPaths.defaultRoot).reversed().flatMap { run in
      let folder = FileSystem.joined(run.folder, "checkpoints")
      return FileSystem.names(in: folder).sorted().filter(CheckpointPath.isCheckpoint)
        .map { FileSystem.joined(folder, $0) }
    }
    let below = entries(typed, accepts: CheckpointPath.isCheckpoint)
    return (["last", "best"] + files).filter { $0.hasPrefix(typed) }
      + below.filter { !files.contains($0) }
  }

  /// The folders, each with a slash, and the accepted files whose paths begin with `typed`.
  private static func entries(_ typed: String, accepts: (String) -> Bool) -> [String] {
    let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
    let hidden = typed.dropFirst(folder.count).hasPrefix(".")
    return FileSystem.names(in: folder.isEmpty ? "." : FileSystem.expandingHome(folder)).sorted()
      .compactMap { name in
        let path = folder + name
        guard path.hasPrefix(typed), hidden || !name.hasPrefix(".") else { return nil }
        if FileSystem.isFolder(FileSystem.expandingHome(path)) { return path + "/" }
        return accepts(name) ? path : nil
      }
  }
}

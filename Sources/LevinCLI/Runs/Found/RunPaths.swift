internal import Foundation
internal import LevinTensorBoard

/// Where runs are.
enum RunPaths {
  static let defaultRoot = "lightning_logs"

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Whether a folder holds a run: event files, or what Levin or Lightning put there before the
  /// first event.
  static func isRun(_ folder: String) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains {
      $0.contains("tfevents") && !$0.hasSuffix(".profile-empty") || $0 == "run.json"
        || $0 == "hparams.yaml"
    }
  }

  /// The runs in `root` and below, by their paths relative to it: version_2 before version_10.
  ///
  /// The root itself is `.`.
  static func find(under root: String) throws -> [String] {
    guard isFolder(root) else {
      throw RunsError(
        FileManager.default.fileExists(atPath: root)
          ? "\(root) is a file; give the folder that holds the runs"
          : "there is no folder \(root); give the one that holds the runs, for example: "
            + "levin runs logs")
    }
    var found: [String] = []
    var pending = [""]
    // Links that lead upwards would never end; real paths tell.
    var seen: Set<String> = []
    while let relative = pending.popLast() {
      let folder = relative.isEmpty ? root : root + "/" + relative
      guard seen.insert(URL(filePath: folder).resolvingSymlinksInPath().path).inserted else {
        continue
      }
      if isRun(folder) { found.append(relative.isEmpty ? "." : relative) }
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      where !name.hasPrefix(".") && name != "checkpoints" {
        let below = relative.isEmpty ? name : relative + "/" + name
        if isFolder(root + "/" + below) { pending.append(below) }
      }
    }
    return found.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
  }

  /// The folder of the run that a person means: a path, `version_3` below lightning_logs, or only
  /// `3`.
  static func resolve(_ name: String) throws -> String {
    let candidates = [
      name, defaultRoot + "/" + name, defaultRoot + "/version_" + name,
    ]
    for candidate in candidates where isFolder(candidate) {
      guard isRun(candidate) else {
        throw RunsError(noRun(in: candidate))
      }
      return candidate.count > 1 && candidate.hasSuffix("/")
        ? String(candidate.dropLast()) : candidate
    }
    if FileManager.default.fileExists(atPath: name) {
      throw RunsError("\(name) is a file; give the folder of a run")
    }
    let known = (try? find(under: defaultRoot)) ?? []
    let hint =
      known.isEmpty
      ? "" : "; \(defaultRoot) has " + known.suffix(8).joined(separator: ", ")
    throw RunsError("there is no run \(name)\(hint)")
  }

  /// A run's name for a headline: the last part of its path.
  static func title(_ folder: String) -> String {
    folder == "." ? "." : URL(filePath: folder).lastPathComponent
  }

  private static func noRun(in folder: String) -> String {
    let below = ((try? find(under: folder)) ?? []).prefix(4)
    let hint =
      below.isEmpty
      ? "no event files, no run.json, no hparams.yaml"
      : "the runs are below it: " + below.map { folder + "/" + $0 }.joined(separator: ", ")
    return "\(folder) holds no run: \(hint)"
  }

  /// The newest run below `root`.
  static func newest(under root: String = defaultRoot) throws -> String {
    guard isFolder(root) else {
      throw RunsError("there is no folder \(root); give that of the run: levin show FOLDER")
    }
    guard let last = try find(under: root).last else {
      throw RunsError("\(root) holds no run; give the folder of one: levin show FOLDER")
    }
    return last == "." ? root : root + "/" + last
  }
}

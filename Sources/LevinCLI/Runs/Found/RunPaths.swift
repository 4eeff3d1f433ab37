internal import Foundation
internal import LevinSystem
internal import LevinTensorBoard
internal import LevinTrainer

/// Finds runs.
enum RunPaths {
  static let defaultRoot = "lightning_logs"

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// A run below a folder, or a folder that may be one but cannot be read.
  struct Found: Sendable {
    /// The path below the folder; for the folder itself its name.
    var name: String
    var folder: String
    /// Why it cannot be read; nil for a run.
    var problem: String?
  }

  /// Whether a folder holds a run: event files, or the files that Levin or Lightning write before the first event.
  private static func isRun(_ listing: FolderListing) -> Bool {
    listing.names.contains { Run.isEventFile($0) || $0 == "run.json" || $0 == "hparams.yaml" }
  }

  /// The runs in `root` and below, as TensorBoard finds them, sorted so that version_2 comes before version_10.
  ///
  /// A folder that cannot be listed is included with its problem; one that disappears in the meantime is left out.
  static func find(under root: String) throws -> [Found] {
    guard isFolder(root) else {
      throw RunsError(
        FileManager.default.fileExists(atPath: root)
          ? "\(root) is a file; give the folder that holds the runs"
          : "there is no folder \(root); give the one that holds the runs, for example: "
            + "\(Program.name) runs logs")
    }
    var found: [Found] = []
    var pending = [""]
    // Links to a folder above would never end.
    var seen: Set<FileStatus.Identity> = []
    while let relative = pending.popLast() {
      let folder = relative.isEmpty ? root : root + "/" + relative
      func below(_ name: String) -> String { relative.isEmpty ? name : relative + "/" + name }
      do {
        let listing = try FolderListing(ofRuns: folder)
        guard seen.insert(listing.identity).inserted else { continue }
        if isRun(listing) { found.append(Found(name: relative, folder: folder)) }
        pending += listing.folders.map(below)
        for (name, isFolder) in listing.unreachable where isFolder {
          let path = folder + "/" + name
          found.append(
            Found(
              name: below(name), folder: path,
              problem: EventFileError.unreachableName(path: path).description))
        }
      } catch {
        if relative.isEmpty { throw error }
        if isFolder(folder) {
          found.append(Found(name: relative, folder: folder, problem: error.description))
        }
      }
    }
    found.sort { $0.name.compare($1.name, options: .numeric) == .orderedAscending }
    if let first = found.first, first.name.isEmpty { found[0].name = title(root) }
    return found
  }

  /// The folder of the run with a given name: a path, `version_3` below lightning_logs, or only
  /// `3`.
  static func resolve(_ name: String) throws -> String {
    let candidates = [
      name, defaultRoot + "/" + name, defaultRoot + "/version_" + name,
    ]
    for candidate in candidates where isFolder(candidate) {
      guard isRun(try FolderListing(ofRuns: candidate)) else {
        throw RunsError(noRun(in: candidate))
      }
      return candidate.count > 1 && candidate.hasSuffix("/")
        ? String(candidate.dropLast()) : candidate
    }
    if FileManager.default.fileExists(atPath: name) {
      throw RunsError("\(name) is a file; give the folder of a run")
    }
    let known = runs(under: defaultRoot)
    let hint = known.isEmpty ? "" : "; \(defaultRoot) has " + list(known.map(\.name), last: 8)
    throw RunsError("there is no run \(name)\(hint)")
  }

  /// A run's name for a heading: the last component of its path.
  static func title(_ folder: String) -> String {
    URL(filePath: folder).standardizedFileURL.lastPathComponent
  }

  private static func noRun(in folder: String) -> String {
    let below = runs(under: folder)
    let hint =
      below.isEmpty
      ? "no event files, no run.json, no hparams.yaml"
      : "the runs are below it: " + list(below.map(\.folder), last: 4)
    return "\(folder) has no run: \(hint)"
  }

  /// The runs that can be read.
  static func runs(under root: String) -> [Found] {
    ((try? find(under: root)) ?? []).filter { $0.problem == nil }
  }

  /// The last `count` names, and how many more there are.
  private static func list(_ names: [String], last count: Int) -> String {
    let more = names.count - count
    return names.suffix(count).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// The newest run below `root`.
  static func newest(under root: String = defaultRoot) throws -> String {
    guard isFolder(root) else {
      throw RunsError(
        "there is no folder \(root); give the run's folder: \(Program.name) show FOLDER")
    }
    guard let last = try find(under: root).last(where: { $0.problem == nil }) else {
      throw RunsError("\(root) has no run; give the folder of one: \(Program.name) show FOLDER")
    }
    return last.folder
  }
}

internal import LevinConfiguration
public import LevinSystem
internal import Synchronization

/// The folder of one run: `saveDir/name/version_N`, with N one above the highest version there unless it is given.
///
/// It is created on first use, so that a run that fails before it began leaves nothing behind. `mkdir` either creates
/// the folder or fails because it exists, so two runs that start together never share one. While the process works on
/// the run it holds a lock (`flock`) on the folder, which tells others that it is alive.
public final class RunFolder {
  /// The folder above all versions.
  public let parent: String
  /// The folder of this run; nil until it is claimed.
  public private(set) var path: String?
  /// The run's number; nil until it is claimed, and if the folder has a name of its own.
  public private(set) var version: Int?
  /// The folder that was asked for; nil: the next number.
  private let wanted: RunVersion?
  private var lock: OpenFile?
  /// The stretch of this process.
  private var record: RunRecord?
  /// The record of the run before this process resumed it.
  private var earlier: RunRecord?
  private var hyperparameters: String?
  private var configuration: String?
  /// The record in `run.json`, accessible to a thread that ends by a trap.
  private let written = WrittenRecord()
  /// The folder of an earlier run to continue in, if it is in ``parent``.
  var continues: String?
  /// The folder of an earlier run that could not be continued because another process is working on it.
  private var taken: String?

  /// - Parameters:
  ///   - saveDir: The folder of all experiments; `~` at its start is the home folder, `$NAME` a variable of the
  ///     environment.
  ///   - name: The folder of this experiment below it; may be empty.
  ///   - version: The folder of the run below that. If it exists, the run continues in it. nil: a new one, numbered.
  public init(
    saveDir: String = ".", name: String = "lightning_logs", version: RunVersion? = nil
  ) {
    let expanded = Self.expanded(saveDir)
    let root = expanded.isEmpty ? "." : expanded
    parent = name.isEmpty ? root : root == "." ? name : Self.joined(root, name)
    wanted = version
  }

  /// A path with the home folder and variables of the environment in place of `~` and `$NAME`; unknown ones stay.
  private static func expanded(_ path: String) -> String {
    var path = path
    if path == "~" || path.hasPrefix("~/"), let home = CurrentProcess.environment("HOME") {
      path = home + path.dropFirst()
    }
    guard path.contains("$") else { return path }
    return path.replacing(/\$(\w+)|\$\{(\w+)\}/) { match in
      let name = String(match.1 ?? match.2 ?? "")
      return CurrentProcess.environment(name) ?? String(match.0)
    }
  }

  /// Whether a process is working on the run in `folder`.
  public static func isLocked(_ folder: String) -> Bool { OpenFile.isLocked(folder) }

  /// Throws if the folder could not be created, without creating it.
  func checkWritable() throws(FileError) {
    guard path == nil else { return }
    try FileSystem.checkWritable(parent, for: .makeFolder)
  }

  /// Whether the folder is the one in which the run was to continue.
  var isContinuation: Bool {
    guard let path, let continues else { return false }
    return FileSystem.realPath(path) == continues
  }

  /// Creates the folder unless it exists, and returns its path.
  ///
  /// The path of a renamed folder is the new one. Throws if the folder cannot be created, or was removed.
  @discardableResult
  public func claim() throws(FileError) -> String {
    if let path { return try current(path) }
    if let wanted { return try claim(wanted) }
    if let continues, try resume(in: continues), let path { return path }
    let path = try claimNew()
    if let taken {
      Terminal.print("\(taken) belongs to another running process; this run continues in \(path)")
    }
    return path
  }

  /// The current path of the folder.
  private func current(_ known: String) throws(FileError) -> String {
    guard let lock, !lock.isAt(known) else { return known }
    guard let moved = lock.currentPath else { throw .missing(.write, known) }
    path = moved
    return moved
  }

  private func claim(_ wanted: RunVersion) throws(FileError) -> String {
    try FileBytes.makeFolder(parent)
    let folder = Self.joined(parent, wanted.folder)
    let number: Int? = if case .number(let number) = wanted { number } else { nil }
    guard FileSystem.isFolder(folder) else {
      try FileSystem.makeNewFolder(folder)
      try begin(at: folder, number)
      return folder
    }
    if Self.isLocked(folder) {
      Terminal.print("\(folder) is used by another trainer or process, too.")
    }
    earlier = RunRecord.read(fromRun: folder)?.markingDeadStretches(in: folder)
    try begin(at: folder, number, isResumed: true)
    return folder
  }

  private func claimNew() throws(FileError) -> String {
    try FileBytes.makeFolder(parent)
    var number = Self.versions(in: parent).max().map { $0 + 1 } ?? 0
    while true {
      let candidate = Self.joined(parent, "version_\(number)")
      do throws(FileError) {
        try FileSystem.makeNewFolder(candidate)
      } catch {
        guard error.alreadyExists else { throw error }
        number += 1
        continue
      }
      do throws(FileError) {
        try begin(at: candidate, number)
      } catch {
        abandon(candidate)
        throw error
      }
      return candidate
    }
  }

  /// Continues in the folder of an earlier run below ``parent``; false if `folder` is not one, or another
  /// process is working on it.
  private func resume(in folder: String) throws(FileError) -> Bool {
    guard path == nil, let real = FileSystem.realPath(folder),
      let realParent = FileSystem.realPath(parent)
    else { return false }
    for number in Self.versions(in: parent) {
      let candidate = Self.joined(parent, "version_\(number)")
      guard real == Self.joined(realParent, "version_\(number)") else { continue }
      guard !Self.isLocked(candidate) else {
        taken = candidate
        return false
      }
      earlier = RunRecord.read(fromRun: candidate)?.markingDeadStretches(in: candidate)
      try begin(at: candidate, number, isResumed: true)
      return true
    }
    return false
  }

  private func begin(at path: String, _ number: Int?, isResumed: Bool = false) throws(FileError) {
    self.path = path
    version = number
    lock = try? OpenFile(path, for: .folder)
    if lock?.tryLock() != true { lock = nil }
    if isResumed, let yaml = configuration {
      configuration = Self.resumed(yaml, in: Self.joined(path, Self.configurationName))
    }
    try write(hyperparameters, to: Self.hyperparametersName, replaces: isResumed)
    try write(configuration, to: Self.configurationName, replaces: isResumed)
    try writeRecord()
  }

  /// The configuration of a resumed run: the current options, with the seed and the checkpoint of its beginning.
  private static func resumed(_ yaml: String, in file: String) -> String {
    guard var tree = try? ConfigValue(yaml: yaml, file: file),
      let bytes = try? FileBytes.read(file),
      let old = try? ConfigValue(yaml: String(decoding: bytes, as: UTF8.self), file: file)
    else { return yaml }
    for key in ["seed_everything", "ckpt_path"] where old[key] != tree[key] { tree[key] = old[key] }
    return (try? tree.yaml()) ?? yaml
  }

  /// Removes a folder that was just created and to which nothing could be written.
  private func abandon(_ folder: String) {
    (lock, path, version) = (nil, nil, nil)
    FileSystem.removeFolder(folder)
  }

  private static let configurationName = "config.yaml"
  private static let hyperparametersName = "hparams.yaml"

  /// Sets the content of `config.yaml`: the whole command line as a file.
  ///
  /// What this run has written stays; a resumed run replaces earlier content.
  func setConfiguration(_ yaml: String) throws(FileError) {
    configuration = yaml
    try write(configuration, to: Self.configurationName, replaces: false)
  }

  /// Sets the content of `hparams.yaml`, by the same rule as ``setConfiguration(_:)``.
  func setHyperparameters(_ yaml: String) throws(FileError) {
    hyperparameters = yaml
    try write(hyperparameters, to: Self.hyperparametersName, replaces: false)
  }

  private func write(_ text: String?, to name: String, replaces: Bool) throws(FileError) {
    guard let path, let text else { return }
    let file = Self.joined(try current(path), name)
    guard replaces || !FileBytes.isFile(file) else { return }
    try AtomicFile.write(Array(text.utf8), to: file)
  }

  /// Sets the content of `run.json`, and writes it if the folder exists.
  func setRecord(_ record: RunRecord) throws(FileError) {
    self.record = record
    try writeRecord()
  }

  private func writeRecord() throws(FileError) {
    guard let known = path, var record else { return }
    let path = try current(known)
    record.stretches = (earlier?.stretches ?? []) + record.stretches
    try AtomicFile.write(record.json, to: Self.joined(path, RunRecord.fileName))
    written.current.withLock { $0 = (path, record) }
  }

  private final class WrittenRecord: Sendable {
    let current = Mutex<(path: String, record: RunRecord)?>(nil)
  }

  /// Records that a run has failed, for a process that a trap is about to end.
  var markFailed: @Sendable () -> Void {
    { [written] in
      guard let (path, found) = written.current.withLock({ $0 }), found.status == .running else {
        return
      }
      var record = found
      record.end(.failed)
      // The process ends with an error that matters more than a failure to write.
      try? AtomicFile.write(record.json, to: Self.joined(path, RunRecord.fileName))
    }
  }

  /// The numbers N of the folders `version_N` in `parent`, in ascending order.
  static func versions(in parent: String) -> [Int] {
    FileSystem.names(in: parent).compactMap { name in
      guard name.hasPrefix("version_") else { return nil }
      let digits = name.dropFirst("version_".count)
      guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits) else {
        return nil
      }
      return FileSystem.isFolder(joined(parent, name)) ? number : nil
    }.sorted()
  }

  static func joined(_ folder: String, _ name: String) -> String {
    FileSystem.joined(folder, name)
  }

  /// The last component of a path.
  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The folder that holds the file or folder at `path`.
  static func folder(of path: String) -> String {
    let parts = path.split(separator: "/")
    let folder = parts.dropLast().joined(separator: "/")
    if path.hasPrefix("/") { return "/" + folder }
    return parts.isEmpty ? ".." : folder.isEmpty ? "." : folder
  }
}

public import LevinFormats
internal import Synchronization

/// The folder of one run: `root/name/version_N`, with N the first number above all that are there.
///
/// It is made at the first need, so that a run that fails before it began leaves nothing. `mkdir` either makes
/// the folder or says that it is there already, so two runs that start together never share one. While the
/// process works on the run it holds a lock (`flock`) on the folder, by which others know that it lives.
public final class RunFolder {
  /// The folder above all versions.
  public let parent: String
  /// The folder of this run; nil until it is claimed.
  public private(set) var path: String?
  /// The run's number; nil until it is claimed.
  public private(set) var version: Int?
  private var lock: Int32?
  /// What this process does on the run.
  private var record: RunRecord?
  /// What was done on the run before this process went on with it.
  private var earlier: RunRecord?
  private var hyperparameters: String?
  private var configuration: String?
  /// The record that stands in `run.json`, where the thread that a trap ends can find it too.
  private let written = WrittenRecord()
  /// The folder of an earlier run to go on in, where it lies in ``parent``.
  var continues: String?
  /// The folder of an earlier run that could not be gone on in, because another process works there.
  private var taken: String?

  /// - Parameters:
  ///   - root: The folder of all experiments.
  ///   - name: The folder of this experiment below it; may be empty.
  public init(root: String, name: String = "lightning_logs") {
    let root = root.isEmpty ? "." : root
    let joined = name.isEmpty ? root : root == "." ? name : Self.joined(root, name)
    parent = joined
  }

  deinit {
    if let lock { Platform.unlock(lock) }
  }

  /// Whether a process works on the run in `folder` now.
  public static func isLocked(_ folder: String) -> Bool { Platform.isLocked(folder) }

  /// Throws when the folder could not be made; makes nothing.
  func checkWritable() throws(FileError) {
    guard path == nil else { return }
    let problem = Platform.writeProblem(parent)
    guard problem == 0 else { throw FileError(.makeFolder, path: parent, code: problem) }
  }

  /// Whether the folder is the one that the run was to go on in.
  var goesOn: Bool {
    guard let path, let continues else { return false }
    return Platform.realPath(path) == continues
  }

  /// Makes the folder, unless it is made, and gives its path.
  ///
  /// A folder that was renamed since goes by its new path. Throws where it cannot be made, or was removed.
  @discardableResult
  public func claim() throws(FileError) -> String {
    if let path { return try current(path) }
    if let continues, try resume(in: continues), let path { return path }
    let path = try claimNew()
    if let taken {
      Terminal.print("\(taken) is at work in another process; this run goes on in \(path)")
    }
    return path
  }

  /// Where the folder is now.
  private func current(_ known: String) throws(FileError) -> String {
    guard let lock, !Platform.isSame(lock, known) else { return known }
    guard let moved = Platform.path(of: lock) else {
      throw FileError(.write, path: known, code: Platform.isMissing)
    }
    path = moved
    return moved
  }

  private func claimNew() throws(FileError) -> String {
    try FileBytes.makeFolder(parent)
    var number = Self.versions(in: parent).max().map { $0 + 1 } ?? 0
    while true {
      let candidate = Self.joined(parent, "version_\(number)")
      let code = Platform.makeFolder(candidate)
      if code == 0 {
        do {
          try begin(at: candidate, number)
        } catch {
          abandon(candidate)
          throw error
        }
        return candidate
      }
      guard code == Platform.alreadyExists else {
        throw FileError(.makeFolder, path: candidate, code: code)
      }
      number += 1
    }
  }

  /// Goes on in the folder of an earlier run below ``parent``; false where `folder` is none, or another
  /// process works on it.
  private func resume(in folder: String) throws(FileError) -> Bool {
    guard path == nil, let real = Platform.realPath(folder),
      let realParent = Platform.realPath(parent)
    else { return false }
    for number in Self.versions(in: parent) {
      let candidate = Self.joined(parent, "version_\(number)")
      guard real == Self.joined(realParent, "version_\(number)") else { continue }
      guard !Self.isLocked(candidate) else {
        taken = candidate
        return false
      }
      earlier = RunRecord.read(fromRun: candidate)?.asFound(in: candidate)
      try begin(at: candidate, number, isResumed: true)
      return true
    }
    return false
  }

  private func begin(at path: String, _ number: Int, isResumed: Bool = false) throws(FileError) {
    self.path = path
    version = number
    lock = Platform.lockFolder(path)
    if isResumed, let yaml = configuration {
      configuration = Self.resumed(yaml, in: Self.joined(path, Self.configurationName))
    }
    try write(hyperparameters, to: Self.hyperparametersName, replaces: isResumed)
    try write(configuration, to: Self.configurationName, replaces: isResumed)
    try writeRecord()
  }

  /// The configuration of a run that goes on: the options of now, with the seed and the checkpoint that it began with.
  private static func resumed(_ yaml: String, in file: String) -> String {
    guard var tree = try? ConfigValue(yaml: yaml, file: file),
      let bytes = try? FileBytes.read(file),
      let old = try? ConfigValue(yaml: String(decoding: bytes, as: UTF8.self), file: file)
    else { return yaml }
    for key in ["seed_everything", "ckpt_path"] where old[key] != tree[key] { tree[key] = old[key] }
    return (try? tree.yaml()) ?? yaml
  }

  /// Takes a folder back that was just made and that nothing could be written to.
  private func abandon(_ folder: String) {
    if let lock { Platform.unlock(lock) }
    (lock, path, version) = (nil, nil, nil)
    Platform.removeFolder(folder)
  }

  private static let configurationName = "config.yaml"
  private static let hyperparametersName = "hparams.yaml"

  /// Keeps `config.yaml` for the folder, the whole command line as a file.
  ///
  /// What this run wrote already stays; a run that goes on replaces what stood there.
  func setConfiguration(_ yaml: String) throws(FileError) {
    configuration = yaml
    try write(configuration, to: Self.configurationName, replaces: false)
  }

  /// Keeps `hparams.yaml` for the folder, by the rule of ``setConfiguration(_:)``.
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

  /// Keeps `run.json` for the folder, and writes it where the folder is made.
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

  /// Notes that a run that is under way has failed; for a process that is about to end by a trap.
  var markFailed: @Sendable () -> Void {
    { [written] in
      guard let (path, found) = written.current.withLock({ $0 }), found.status == .running else {
        return
      }
      var record = found
      record.end(.failed)
      // The process ends with an error that matters more than one of the disk.
      try? AtomicFile.write(record.json, to: Self.joined(path, RunRecord.fileName))
    }
  }

  /// The numbers N of the folders `version_N` in `parent`, rising.
  static func versions(in parent: String) -> [Int] {
    Platform.names(in: parent).compactMap { name in
      guard name.hasPrefix("version_") else { return nil }
      let digits = name.dropFirst("version_".count)
      guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits) else {
        return nil
      }
      return Platform.isFolder(joined(parent, name)) ? number : nil
    }.sorted()
  }

  static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The last part of a path.
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

internal import LevinSystem

/// The content of the event files in one folder, written by Levin or by any other writer.
///
///     let run = try Run(directory: "lightning_logs/version_3")
///     for tag in run.tags where tag.kind == .scalar {
///       print(tag.name, run.scalars(tag.name)?.values.last ?? .nan)
///     }
///
/// All files of the folder are merged in the order of their names. Points that a restart made void are left out, as
/// in TensorBoard: because of a session's START or, in files older than version 2, because of a step that goes back.
///
/// Curves are held in memory, 24 bytes per point. For pictures, texts, histograms and everything else only the
/// position is held, and they are read on demand. Memory is normally far less than the length of the files, and at
/// most 64 times their length for malicious ones.
public struct Run: Sendable {
  /// One event file of the run.
  public struct File: Sendable, Hashable {
    /// The path of the file.
    public var path: String
    /// The number of bytes read; the file may have grown since.
    public var read = 0
    /// What follows the last complete record.
    public var tail = EventFileReader.Tail.clean
    /// The length of the file at that time.
    var seen = 0
  }

  /// A part of a file that could not be used.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The path of the file.
    public var path: String
    /// The position of the record, in bytes from the start of the file.
    public var offset: Int
    /// What is wrong.
    public var message: String

    /// The path and the message.
    public var description: String { "\(path): \(message)" }
  }

  /// The number of problems that are kept; further ones are only counted.
  public static let maximumProblems = 1000

  /// The folder.
  public let directory: String
  /// The files in the order of their names, which is the order of writing.
  public var files: [File] { index.files }
  /// The tags in the order of their first appearance.
  public var tags: [Tag] { index.entries.map(\.tag) }
  /// The first ``maximumProblems`` problems.
  public var problems: [Problem] { index.problems }
  /// The number of problems.
  public var problemCount: Int { index.problemCount }
  /// The number of points that a restart made void.
  public var purgedCount: Int { index.purgedCount }
  /// The data of the HParams plugin; nil if there is none.
  public var hyperparameters: LoggedHyperparameters? { index.hyperparameters }
  /// The times of the earliest and the latest event, in seconds since 1970; nil without events.
  public var wallTimes: ClosedRange<Double>? { index.wallTimes }
  /// The largest step of any point; nil without points.
  public var lastStep: Int? { index.lastStep }
  /// The program that wrote the first file, if the file names it.
  public var sourceWriter: String? { index.sourceWriter }

  var index: RunIndex
  /// The event files, if they are not simply those of the folder.
  private let paths: [String]?

  /// Reads the event files in `directory`; a folder without any gives a run without tags.
  ///
  /// - Parameter purge: Whether to leave out the points that restarts made void.
  public init(directory: String, purge: Bool = true) throws(EventFileError) {
    self.directory = directory
    index = RunIndex(purges: purge)
    paths = nil
    try refresh()
  }

  /// Reads one event file, whatever its name.
  public init(file path: String, purge: Bool = true) throws(EventFileError) {
    directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    index = RunIndex(purges: purge)
    paths = [path]
    try refresh()
  }

  /// Creates an empty run, for a folder that cannot be read.
  package init(unreadable directory: String) {
    self.directory = directory
    index = RunIndex(purges: true)
    paths = []
  }

  /// Reads what was added to the files, and files that were added; returns whether there was anything.
  @discardableResult
  public mutating func refresh() throws(EventFileError) -> Bool {
    let paths = if let paths { paths } else { try Self.eventFiles(in: directory) }
    var changed = false
    if try !index.continues(paths) {
      index = RunIndex(purges: index.purges)
      changed = true
    }
    for (place, path) in paths.enumerated() {
      if place == index.files.count { index.files.append(File(path: path)) }
      if try index.read(place) { changed = true }
    }
    return changed
  }

  /// Paths of the event files in a folder, sorted by name: those that TensorBoard would read.
  public static func eventFiles(in directory: String) throws(EventFileError) -> [String] {
    let listing = try FolderListing(ofRuns: directory)
    func path(_ name: String) -> String {
      directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }
    for (name, isFolder) in listing.unreachable where !isFolder && isEventFile(name) {
      throw .unreachableName(path: path(name))
    }
    return listing.names.filter(isEventFile).map(path).filter {
      (try? FileStatus($0))?.kind == .file
    }
  }

  /// Whether TensorBoard takes a file of this name for an event file.
  package static func isEventFile(_ name: String) -> Bool {
    name.contains("tfevents") && !name.hasSuffix(".profile-empty")
  }

  /// The tag called `name`; nil if the run has none.
  public func tag(_ name: String) -> Tag? { index.entry(name)?.tag }

  /// The points of a curve; nil if there is no curve under the tag.
  public func scalars(_ tag: String) -> ScalarSeries? {
    guard let entry = index.entry(tag), entry.tag.kind == .scalar else { return nil }
    return entry.scalars
  }

  /// The names of the tags of a kind, in the order of their first appearance.
  public func tagNames(_ kind: Tag.Kind) -> [String] {
    index.entries.compactMap { $0.tag.kind == kind ? $0.tag.name : nil }
  }

  /// All curves, in the order of their first appearance.
  public var curves: [(tag: String, points: ScalarSeries)] {
    index.entries.compactMap { $0.tag.kind == .scalar ? ($0.tag.name, $0.scalars) : nil }
  }
}

internal import LevinSystem

/// What the event files of one folder say: Levin's or those of any other writer.
///
///     let run = try Run(directory: "lightning_logs/version_3")
///     for tag in run.tags where tag.kind == .scalar {
///       print(tag.name, run.scalars(tag.name)?.values.last ?? .nan)
///     }
///
/// All files of the folder are merged in the order of their names. Points that a restart declared
/// void are left out, as TensorBoard does it: by a session's START, or, in files of before version
/// 2, by a step that goes back.
///
/// Curves are held in memory, 24 bytes a point. Of pictures, texts, histograms and all else only
/// the place is held, and they are read when asked for, so that memory does not grow with their
/// bytes: at most 64 times the files' length for hostile files, far less than the length for honest
/// ones.
public struct Run: Sendable {
  /// One event file of the run.
  public struct File: Sendable, Hashable {
    /// Where it is.
    public var path: String
    /// How many bytes have been read; the file may have grown since.
    public var read = 0
    /// What follows the last whole record.
    public var tail = EventFileReader.Tail.clean
    /// How long the file was then.
    var seen = 0
  }

  /// Something in a file that could not be used.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The path of the file.
    public var path: String
    /// The record, in bytes from the start of the file.
    public var offset: Int
    /// What is wrong.
    public var message: String

    /// File and message.
    public var description: String { "\(path): \(message)" }
  }

  /// More problems than these are only counted.
  public static let maximumProblems = 1000

  /// The folder.
  public let directory: String
  /// In the order of their names, which is the order of writing.
  public var files: [File] { index.files }
  /// In the order of their first appearance.
  public var tags: [Tag] { index.entries.map(\.tag) }
  /// The first ``maximumProblems`` of them.
  public var problems: [Problem] { index.problems }
  /// How many problems there are.
  public var problemCount: Int { index.problemCount }
  /// Points that a restart declared void.
  public var purgedCount: Int { index.purgedCount }
  /// From the HParams plugin's events; nil where there are none.
  public var hyperparameters: LoggedHyperparameters? { index.hyperparameters }
  /// Seconds since 1970 of the earliest and latest event; nil without events.
  public var wallTimes: ClosedRange<Double>? { index.wallTimes }
  /// The largest step of any point; nil without points.
  public var lastStep: Int? { index.lastStep }
  /// Who wrote the first file, where it says so.
  public var sourceWriter: String? { index.sourceWriter }

  var index: RunIndex
  /// The event files, where they are not simply those of the folder.
  private let paths: [String]?

  /// Reads the event files in `directory`; a folder without any gives a run without tags.
  ///
  /// - Parameter purge: leave out the points that restarts declared void.
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

  /// Nothing is read: for a folder that cannot be.
  package init(unreadable directory: String) {
    self.directory = directory
    index = RunIndex(purges: true)
    paths = []
  }

  /// Reads what was added to the files, and files that were added; true when there was anything.
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

  /// Paths of the event files in a folder, sorted by name: those that TensorBoard would take.
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

  /// Whether TensorBoard would take a file of this name for an event file.
  package static func isEventFile(_ name: String) -> Bool {
    name.contains("tfevents") && !name.hasSuffix(".profile-empty")
  }

  /// The tag of a name; nil where the run has none.
  public func tag(_ name: String) -> Tag? { index.entry(name)?.tag }

  /// The points of a curve; nil when there is no curve under the tag.
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

internal import Foundation

/// What a run's run.json says; of a run by another program there is none.
struct RunInfo: Sendable {
  /// How a run stands, as far as can be told.
  enum Status: String, Sendable {
    case running, finished, interrupted, failed
    /// run.json says that it runs, but no process works on it.
    case died
    /// There is no run.json.
    case unknown
    /// The run's files cannot be read.
    case unreadable
  }

  var status = Status.unknown
  /// Seconds since 1970.
  var start: Double?
  var end: Double?
  var epochs: Int?
  var steps: Int?
  /// All of it, with dotted names.
  var settings = FlatSettings()

  /// Nothing is known.
  init() {}

  /// - Parameter isLocked: whether a process works on the run.
  init(run folder: String, isLocked: (String) -> Bool) throws {
    let path = folder + "/run.json"
    guard let data = FileManager.default.contents(atPath: path) else { return }
    guard
      let members = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else {
      throw RunsError("\(path) is damaged: it is no JSON object")
    }
    status = (members["status"] as? String).flatMap(Status.init(rawValue:)) ?? .unknown
    if status == .unreadable { status = .unknown }
    if status == .running, !isLocked(folder) { status = .died }
    start = (members["start"] as? String).flatMap(Self.seconds)
    end = (members["end"] as? String).flatMap(Self.seconds)
    epochs = members["epochs"] as? Int
    steps = members["steps"] as? Int
    add(members, "", depth: 0)
  }

  private mutating func add(_ value: Any, _ name: String, depth: Int) {
    if let members = value as? [String: Any], depth < 16 {
      for key in members.keys.sorted() {
        guard let member = members[key] else { continue }
        add(member, name.isEmpty ? key : name + "." + key, depth: depth + 1)
      }
    } else if let elements = value as? [Any] {
      var words = elements.map { "\($0)" }
      // Of a command, where the program stands is no news.
      if name == "command", let program = words.first {
        words[0] = URL(filePath: program).lastPathComponent
      }
      settings.set(name, words.joined(separator: " "), isText: true)
    } else if !(value is NSNull) {
      settings.set(name, "\(value)", isText: value is String)
    }
  }

  /// Seconds since 1970 of a time in ISO 8601, with or without fractions of a second.
  private static func seconds(_ text: String) -> Double? {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
    return (try? Date(text, strategy: style))?.timeIntervalSince1970
  }
}

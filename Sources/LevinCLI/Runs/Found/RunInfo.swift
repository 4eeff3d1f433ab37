internal import Foundation

/// The content of a run's run.json; runs of other programs have none.
struct RunInfo: Sendable {
  /// The status of a run.
  enum Status: String, Sendable {
    case running, finished, interrupted, failed
    /// According to run.json it is running, but no process is working on it.
    case died
    /// There is no run.json.
    case unknown
    /// The run's files cannot be read.
    case unreadable
  }

  var status = Status.unknown
  /// When the run began, in seconds since 1970.
  var start: Double?
  var end: Double?
  /// The seconds of all stretches of work that have ended; nil if run.json does not list them.
  var worked: Double?
  /// When the unfinished stretch began.
  var since: Double?
  var epochs: Int?
  var steps: Int?
  /// The number of elements in the model's parameters.
  var parameters: Int?
  /// The run whose weights this one evaluates or resumed from.
  var weightsFrom: String?
  /// All settings, with dotted names.
  var settings = FlatSettings()

  /// Creates an empty value.
  init() {}

  /// - Parameter isLocked: Whether a process is working on the run.
  init(run folder: String, isLocked: (String) -> Bool) throws {
    let path = folder + "/run.json"
    guard let data = FileManager.default.contents(atPath: path) else { return }
    guard
      let members = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else {
      throw RunsError("\(path) is damaged: it is not a JSON object")
    }
    status = (members["status"] as? String).flatMap(Status.init(rawValue:)) ?? .unknown
    if status == .unreadable { status = .unknown }
    if status == .running, !isLocked(folder) { status = .died }
    start = (members["start"] as? String).flatMap(Self.seconds)
    end = (members["end"] as? String).flatMap(Self.seconds)
    epochs = members["epochs"] as? Int
    steps = members["steps"] as? Int
    parameters = members["parameters"] as? Int
    let stretches = (members["stretches"] as? [[String: Any]]) ?? []
    if !stretches.isEmpty { add(stretches) }
    add(members.filter { $0.key != "stretches" }, "", depth: 0)
    for name in Self.mayChange where stretches.count > 1 { join(name, stretches) }
  }

  /// Adds what each stretch of work records about the run.
  private mutating func add(_ stretches: [[String: Any]]) {
    var worked = 0.0
    for stretch in stretches {
      let start = (stretch["start"] as? String).flatMap(Self.seconds)
      let end = (stretch["end"] as? String).flatMap(Self.seconds)
      if let start, let end { worked += max(0, end - start) } else { since = start ?? since }
    }
    self.worked = Self.milliseconds(worked)
    let source = stretches[0]["checkpoint"] as? [String: Any]
    weightsFrom = (source?["run"] as? String).map { URL(filePath: $0).lastPathComponent }
    if let path = source?["path"] as? String { settings.set("resumed_from", path, isText: true) }
    let texts = stretches.map { stretch in
      let steps = stretch["steps"] as? [String: Any]
      let ends = ["from", "to"].map { (steps?[$0] as? Int).map(String.init) ?? "?" }
      return "\(stretch["stage"] ?? "?") \(ends[0])–\(ends[1]) \(stretch["status"] ?? "?")"
    }
    settings.set("stretches", texts.joined(separator: ", "), isText: true)
  }

  /// Settings that may differ in a later stretch and affect the result of the run.
  private static let mayChange = [
    "commit", "instruction_set", "thread_count", "data_hashes", "versions",
  ]

  /// Joins the successive values of a setting.
  private mutating func join(_ name: String, _ stretches: [[String: Any]]) {
    let each = stretches.map { stretch -> [String: Any] in
      stretch[name] as? [String: Any] ?? [name: stretch[name] ?? NSNull()]
    }
    for key in Set(each.flatMap(\.keys)).sorted() {
      var values: [String] = []
      for value in each.compactMap({ $0[key] })
      where !(value is NSNull) && values.last != "\(value)" {
        values.append("\(value)")
      }
      guard values.count > 1 else { continue }
      settings.set(
        key == name ? name : name + "." + key, values.joined(separator: ", then "), isText: true)
    }
  }

  private mutating func add(_ value: Any, _ name: String, depth: Int) {
    if let members = value as? [String: Any], depth < 16 {
      for key in members.keys.sorted() {
        guard let member = members[key] else { continue }
        add(member, name.isEmpty ? key : name + "." + key, depth: depth + 1)
      }
    } else if let elements = value as? [Any] {
      var words = elements.map { "\($0)" }
      // In a command, the program's path does not matter.
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
    return (try? Date(text, strategy: style)).map { milliseconds($0.timeIntervalSince1970) }
  }

  /// Seconds rounded to milliseconds, the precision of times in run.json: a `Date` counts from 2001, and the
  /// difference of two has meaningless digits.
  static func milliseconds(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}

internal import LevinSystem

/// Events in the trace format of Chromium and Perfetto: a JSON array, which may be read before its end is written.
struct TraceText {
  private var text: [UInt8] = []
  private var hasWritten = false
  private(set) var isEnded = false
  private let origin: UInt64
  private var count = 0
  private var nanoseconds: UInt64 = 0

  init(process: String = "Levin", origin: UInt64 = 0) {
    self.origin = origin
    text.reserveCapacity(Self.limit + 4096)
    let names = [("process_name", process), ("thread_name", "training")]
    for (index, (kind, name)) in names.enumerated() {
      text += (index == 0 ? "[\n" : ",\n").utf8
      text += #"{"name":"\#(kind)","ph":"M","pid":1,"tid":1,"args":{"name":"#.utf8
      append(quoted: name)
      text += "}}".utf8
    }
  }

  private static let limit = 1 << 20

  /// Whether it is time to write.
  var isFull: Bool { text.count >= Self.limit }
  /// Whether nothing was written yet.
  var isAtStart: Bool { !hasWritten }
  /// The seconds that adding an event took on average.
  var cost: Double { count == 0 ? 0 : Double(nanoseconds) / 1e9 / Double(count) }

  /// Adds something that took from one time to another, in nanoseconds.
  mutating func add(
    _ name: String, _ category: String, from start: UInt64, to end: UInt64,
    _ details: [(String, String)] = []
  ) {
    begin(name, phase: "X", at: start)
    text += ",\"cat\":\"".utf8
    text += category.utf8
    text += "\",\"dur\":".utf8
    append(microseconds: end - start)
    append(details)
    text.append(UInt8(ascii: "}"))
    // What it cost to describe the event, which began when it ended.
    count += 1
    nanoseconds += Clock.uptime - end
  }

  /// Adds a point of a curve.
  mutating func addCounter(_ name: String, _ value: Int, at time: UInt64) {
    begin(name, phase: "C", at: time)
    text += ",\"args\":{\"bytes\":\(value)}}".utf8
  }

  /// Adds something that has no duration.
  mutating func addInstant(_ name: String, at time: UInt64, _ details: [(String, String)]) {
    begin(name, phase: "i", at: time)
    text += ",\"s\":\"t\"".utf8
    append(details)
    text.append(UInt8(ascii: "}"))
  }

  /// Ends the array.
  mutating func end() {
    text += "\n]\n".utf8
    isEnded = true
  }

  /// Hands out what was not written yet.
  mutating func write(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try text.withUnsafeBytes(body)
    text.removeAll(keepingCapacity: true)
    hasWritten = true
  }

  private mutating func begin(_ name: String, phase: String, at time: UInt64) {
    text += ",\n{\"name\":".utf8
    append(quoted: name)
    text += ",\"ph\":\"".utf8
    text += phase.utf8
    text += "\",\"pid\":1,\"tid\":1,\"ts\":".utf8
    append(microseconds: time &- origin)
  }

  private mutating func append(_ details: [(String, String)]) {
    guard !details.isEmpty else { return }
    text += ",\"args\":{".utf8
    for (index, (name, value)) in details.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      append(quoted: name)
      text.append(UInt8(ascii: ":"))
      append(quoted: value)
    }
    text.append(UInt8(ascii: "}"))
  }

  private mutating func append(microseconds nanoseconds: UInt64) {
    text += "\(nanoseconds / 1000).\("\(1000 + nanoseconds % 1000)".dropFirst())".utf8
  }

  private mutating func append(quoted string: String) {
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
      case 0..<32: text.append(UInt8(ascii: " "))
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}

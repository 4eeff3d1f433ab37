internal import LevinSystem

/// How long the machine's processors have worked since it started, as Linux counts it.
struct MachineLoad: Sendable {
  private let busy, all: Double

  /// The counters now; nil if the system does not tell.
  static var current: MachineLoad? {
    guard let line = ProcFile.lines("/proc/stat").first, line.hasPrefix("cpu ") else { return nil }
    let times = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard times.count >= 5 else { return nil }
    let all = times.reduce(0, +)
    // The fourth is idle, the fifth waits for a disk.
    return MachineLoad(busy: all - times[3] - times[4], all: all)
  }

  /// The part of the time until `later` in which processors worked, 0 to 1; nil if no time passed.
  func busyShare(until later: MachineLoad) -> Double? {
    let passed = later.all - all
    return passed > 0 ? min(max((later.busy - busy) / passed, 0), 1) : nil
  }
}

/// The machine's memory, and what this process has of it.
struct MachineMemory: Sendable {
  /// The bytes of the machine, and those that a program could get without swapping.
  let total, available: Int
  private let totalSwap, freeSwap: Int
  /// The bytes of memory that this process occupies; nil if the system does not tell.
  let ofThisProcess: Int?

  init(
    total: Int, available: Int, totalSwap: Int = 0, freeSwap: Int = 0, ofThisProcess: Int?
  ) {
    (self.total, self.available) = (total, available)
    (self.totalSwap, self.freeSwap) = (totalSwap, freeSwap)
    self.ofThisProcess = ofThisProcess
  }

  /// The memory now; nil if the system does not tell.
  static var current: MachineMemory? {
    var kilobytes: [Substring: Int] = [:]
    let lines = ProcFile.lines("/proc/meminfo")
    for line in lines {
      let parts = line.split(whereSeparator: { $0 == ":" || $0 == " " })
      if parts.count > 1 { kilobytes[parts[0]] = Int(parts[1]) }
    }
    guard let total = kilobytes["MemTotal"], let available = kilobytes["MemAvailable"], total > 0
    else { return nil }
    let resident = ProcFile.lines("/proc/self/status").first { $0.hasPrefix("VmRSS:") }
    let own = resident?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return MachineMemory(
      total: total * 1024, available: available * 1024,
      totalSwap: (kilobytes["SwapTotal"] ?? 0) * 1024,
      freeSwap: (kilobytes["SwapFree"] ?? 0) * 1024,
      ofThisProcess: own.map { $0 * 1024 })
  }

  /// The part of the memory that is in use, 0 to 1.
  var usedShare: Double { 1 - Double(available) / Double(total) }
  /// The part of the swap that is in use, 0 to 1; 0 without any.
  var usedSwapShare: Double {
    totalSwap > 0 ? 1 - Double(freeSwap) / Double(totalSwap) : 0
  }
}

private enum ProcFile {
  /// The lines of a file of Linux's /proc; empty elsewhere.
  static func lines(_ path: String) -> [String] {
    guard let bytes = try? FileBytes.read(path) else { return [] }
    return String(decoding: bytes, as: UTF8.self).replacing("\t", with: " ")
      .split(separator: "\n").map(String.init)
  }
}

internal import LevinLibC

/// This process and its environment.
package enum CurrentProcess {
  /// The process ID.
  package static var id: Int32 { getpid() }

  /// The name of the machine.
  package static let hostName: String = {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }()

  /// The value of an environment variable; nil if it is unset or empty.
  package static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// The peak memory of this process in bytes; nil if the system does not say.
  package static var peakMemory: Int? {
    #if canImport(Darwin)
      var usage = rusage()
      return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : nil
    #else
      // Linux's getrusage would count what the process that started this one held.
      guard let status = try? FileBytes.read("/proc/self/status") else { return nil }
      let line = String(decoding: status, as: UTF8.self).split(separator: "\n")
        .first { $0.hasPrefix("VmHWM:") }
      return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 * 1024 }
    #endif
  }

  /// Flushes the output of `print` and ends the process.
  package static func exit(_ status: Int32) -> Never { LevinLibC.exit(status) }
}

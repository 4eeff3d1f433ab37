internal import CLevinRuntime

/// The resources that the kernels use on this machine.
enum Machine {
  static var instructionSet: String { String(cString: levin_isa_name(levin_isa())) }
  static var threadCount: Int { Int(levin_thread_count()) }
  static func setThreadCount(_ count: Int) { levin_set_thread_count(CInt(count)) }

  static var operatingSystem: String {
    #if os(Linux)
      "Linux"
    #elseif os(macOS)
      "macOS"
    #else
      "unknown"
    #endif
  }
}

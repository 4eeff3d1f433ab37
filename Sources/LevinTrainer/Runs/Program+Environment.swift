internal import LevinSystem
internal import Synchronization

extension Program {
  private static let hasWarned = Atomic(false)

  /// Warns, once per process, about environment variables that have no effect.
  static func warnOfEnvironment() {
    guard !hasWarned.exchange(true, ordering: .relaxed) else { return }
    let names = ["LEVIN_THREADS", "LEVIN_ISA"]
    let environment = names.compactMap { name in
      CurrentProcess.environment(name).map { (name, $0) }
    }
    warnings(
      Dictionary(uniqueKeysWithValues: environment), threadCount: Machine.threadCount,
      instructionSet: Machine.instructionSet
    ).forEach(Terminal.printError)
  }

  /// - Parameters:
  ///   - threadCount: The threads in use.
  ///   - instructionSet: The instruction set in use.
  static func warnings(
    _ environment: [String: String], threadCount: Int, instructionSet: String
  ) -> [String] {
    var warnings: [String] = []
    if let wish = environment["LEVIN_THREADS"], !wish.isEmpty, wish != "0",
      Int(wish) != threadCount
    {
      warnings.append(
        "warning: LEVIN_THREADS is '\(wish)'; expected 1 to 64, or 0 for one per processor. "
          + "Levin uses \(threadCount).")
    }
    if let wish = environment["LEVIN_ISA"], !wish.isEmpty, wish != instructionSet {
      warnings.append(
        "warning: LEVIN_ISA is '\(wish)'; expected plain, avx2 or avx512, if this machine has it. "
          + "Levin uses \(instructionSet).")
    }
    return warnings
  }
}

import ArgumentParser
import CLevinRuntime
import LevinSystem

/// Measures the memory of a training step.
struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "The peak memory of a network's training steps, in a process of its own.",
    discussion: """
      What the peak grows by from before the model is made to the end of three steps, and by the last two of them.
      """)

  @Argument(help: "The row of the group steps.")
  var row: String

  @Option(help: "Threads; by default LEVIN_THREADS or all cores.")
  var threads: Int?

  func run() throws {
    if let threads { levin_set_thread_count(Int32(clamping: threads)) }
    guard let step = OperationRow.steps().first(where: { $0.name == row }) else {
      throw ValidationError(
        "found row '\(row)'; expected one of \(OperationRow.steps().map(\.name))")
    }
    let before = Self.peak
    step.body()
    let warm = Self.peak
    for _ in 0..<2 { step.body() }
    // Before anything is printed, which takes more than a step of a small network.
    let end = Self.peak
    try Report(row, unit: .bytes, samples: [end - before]).print()
    try Report("\(row), after a warm step", unit: .bytes, samples: [end - warm]).print()
  }

  private static var peak: Double { Double(CurrentProcess.peakMemory ?? 0) }
}

import ArgumentParser
import CLevinRuntime

/// Measures a training epoch of the tutorial's model.
struct EpochCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "epoch",
    abstract: "A training epoch of the tutorial's model in a bare loop, after one to warm up.",
    discussion: """
      750 steps of 64 images: gather and normalize from bytes through the DataLoader, forward, loss, \
      backward, Adam, all through the public API.
      """)

  @Option(help: "Epochs to measure.")
  var count = 5

  @Option(help: "Threads; by default LEVIN_THREADS or all cores.")
  var threads: Int?

  func run() throws {
    if let threads { levin_set_thread_count(Int32(clamping: threads)) }
    let steps = try TutorialSteps()
    steps.trainEpoch()
    let before = LatencyCommand.nanoseconds(count: 9).median
    let seconds = steps.epochs(count)
    let after = LatencyCommand.nanoseconds(count: 9).median
    let stepCount = Double(steps.stepCount)
    try Report(
      "epoch", unit: .seconds, samples: seconds,
      details: [
        "steps_per_second": stepCount / seconds.median,
        "step_microseconds": seconds.median / stepCount * 1e6,
        "gigaflops": TutorialSteps.operationsPerStep * stepCount / seconds.median / 1e9,
        "fork_join_nanoseconds": (before + after) / 2,
      ]
    ).print()
  }
}

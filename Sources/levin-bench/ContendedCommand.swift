import ArgumentParser
import CLevinRuntime
import Foundation

/// Measures a training epoch while another process uses one of the cores.
struct ContendedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contended",
    abstract:
      "A training epoch while another process occupies a core, compared with one thread alone.")

  @Option(help: "Epochs of each kind to measure.")
  var count = 5

  @Option(help: "Threads; by default LEVIN_THREADS or all cores.")
  var threads: Int?

  func run() throws {
    let threads = threads.map(Int32.init(clamping:)) ?? levin_thread_count()
    let steps = try TutorialSteps()
    steps.trainEpoch()
    let undisturbed = steps.epochs(count)
    levin_set_thread_count(1)
    let oneThread = steps.epochs(count)

    let rival = Process()
    rival.executableURL = URL(fileURLWithPath: "/bin/sh")
    rival.arguments = ["-c", "i=0; while [ $i -lt 50000000 ]; do i=$((i+1)); done"]
    try rival.run()
    defer {
      rival.terminate()
      rival.waitUntilExit()
    }
    let oneThreadContended = steps.epochs(count)
    levin_set_thread_count(threads)
    steps.trainEpoch()
    let contended = steps.epochs(count)
    try Report(
      "contended", unit: .seconds, samples: contended,
      details: [
        "undisturbed": undisturbed.median, "one_thread": oneThread.median,
        "one_thread_contended": oneThreadContended.median,
        "against_one_thread": contended.median / oneThread.median,
        "threads": Double(threads),
      ]
    ).print()
  }
}

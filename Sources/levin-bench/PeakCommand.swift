import ArgumentParser
import CLevinBench
import Foundation
import Synchronization

/// Measures what the machine achieves with nothing but multiply-adds.
struct PeakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peak",
    abstract: "Fused multiply-adds on registers only: the peak of one core and of all.")

  @Option(help: "How often each is measured.")
  var count = 9

  @Option(help: "Cores that work at the same time.")
  var cores = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    if cores < 1 { throw ValidationError("--cores: found \(cores); expected at least 1") }
  }

  func run() throws {
    let one = sampled(count) { Self.gigaflops(cores: 1) }
    let all = sampled(count) { Self.gigaflops(cores: cores) }
    try Report(
      "peak", unit: .gigaflops, samples: all,
      details: ["one_core": one.median, "cores": Double(cores)]
    ).print()
  }

  /// The billions of floating-point operations per second that `cores` threads achieve together, over about 50 ms.
  private static func gigaflops(cores: Int) -> Double {
    let race = Race(cores)
    let others = DispatchGroup()
    for _ in 1..<cores {
      others.enter()
      Thread {
        race.run()
        others.leave()
      }.start()
    }
    race.run()
    others.wait()
    return race.gigaflops.withLock { $0 }
  }

  /// Threads that start to work at the same time.
  private final class Race: Sendable {
    private let missing: Atomic<Int>
    let gigaflops = Mutex(0.0)

    init(_ cores: Int) { missing = Atomic(cores) }

    func run() {
      _ = levin_bench_multiply_add(1e8)
      missing.subtract(1, ordering: .acquiringAndReleasing)
      while missing.load(ordering: .acquiring) > 0 {}
      var operations = 0.0
      let seconds = elapsed { operations = levin_bench_multiply_add(5e9) }
      gigaflops.withLock { $0 += operations / seconds / 1e9 }
    }
  }
}

import ArgumentParser
import CLevinBench
import Foundation
import Synchronization

/// What the machine could do if nothing but multiply-adds were to be done.
struct PeakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peak",
    abstract: "Fused multiply-adds on registers alone: the most that one core and all can do.")

  @Option(help: "Times that each is measured.")
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

  /// Billions of floating-point operations a second that `cores` threads do together, over 50 ms or
  /// so.
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

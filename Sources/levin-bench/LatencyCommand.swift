import ArgumentParser
import CLevinRuntime
import Synchronization

/// Measures the current fork-join latency of the scheduler.
struct LatencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latency",
    abstract: "Fork-join latency of two threads: a call to the other core and its answer.",
    discussion: """
      It depends on which cores are used, and a virtual machine may be moved: read the two-core figures of \
      everything else together with it. Below 300 ns is good.
      """)

  /// The number of calls between two readings of the clock.
  private static let calls = 5_000

  @Option(help: "How often \(Self.calls) calls are measured.")
  var count = 41

  func run() throws {
    try Report("latency", unit: .nanoseconds, samples: Self.nanoseconds(count: count)).print()
  }

  /// The nanoseconds of a call that only waits for the other thread to begin, measured `count` times.
  ///
  /// The first part waits for the second, because a caller that finishes takes over parts that have not begun. With
  /// one thread there is one part and nothing to wait for.
  static func nanoseconds(count: Int) -> [Double] {
    let rendezvous = Rendezvous()
    let context = Unmanaged.passUnretained(rendezvous).toOpaque()
    let share = {
      levin_parallel_for(2, 1, context) { context, begin, end in
        guard let context, end - begin == 1 else { return }
        let rendezvous = Unmanaged<Rendezvous>.fromOpaque(context).takeUnretainedValue()
        begin == 1 ? rendezvous.arrive() : rendezvous.wait()
      }
    }
    for _ in 0..<calls { share() }
    return withExtendedLifetime(rendezvous) {
      sampled(count) { elapsed { for _ in 0..<calls { share() } } / Double(calls) * 1e9 }
    }
  }

  /// Counts the calls on both sides; each count is written by one thread only.
  private final class Rendezvous: Sendable {
    private let come = Atomic(0)
    private let awaited = Atomic(0)

    func arrive() {
      come.store(come.load(ordering: .relaxed) + 1, ordering: .releasing)
    }

    func wait() {
      let turn = awaited.load(ordering: .relaxed) + 1
      awaited.store(turn, ordering: .relaxed)
      while come.load(ordering: .acquiring) < turn {}
    }
  }
}

import CLevinKernels
import CLevinRuntime
import Foundation
import Synchronization
import Testing

extension KernelTests {
  @Suite struct SchedulerTests {
    /// The ranges that a parallel loop hands out, in order.
    ///
    /// Each writes its end at its beginning, so ranges that overlapped would race.
    private func ranges(of count: Int, grain: Int, threads: Int32) -> [Range<Int>] {
      let before = levin_thread_count()
      levin_set_thread_count(threads)
      defer { levin_set_thread_count(before) }
      var ends = [Int](repeating: -1, count: max(count, 0))
      ends.withUnsafeMutableBytes { ends in
        levin_parallel_for(count, grain, ends.baseAddress) { context, begin, end in
          context?.assumingMemoryBound(to: Int.self)[begin] = end
        }
      }
      return ends.indices.filter { ends[$0] >= 0 }.map { $0..<ends[$0] }
    }

    @Test func coversEverythingOnceAtMultiplesOfTheGrain() {
      for threads in [1, 2, 3, 7] as [Int32] {
        for (count, grain) in [(1, 1), (2, 1), (100, 16), (5, 4), (64, 16), (1000, 1), (7, 100)] {
          let ranges = ranges(of: count, grain: grain, threads: threads)
          #expect(ranges.first?.lowerBound == 0)
          #expect(ranges.last?.upperBound == count)
          for (left, right) in zip(ranges, ranges.dropFirst()) {
            #expect(left.upperBound == right.lowerBound)
            #expect(left.upperBound % grain == 0)
          }
          #expect(ranges.allSatisfy { !$0.isEmpty })
          if threads == 1 || count <= grain { #expect(ranges.count == 1) }
        }
      }
    }

    /// Many jobs of many shapes in a row, so that pieces are taken over and workers come late.
    @Test(arguments: [2, 3, 7] as [Int32]) func everyIndexIsRunOnce(threads: Int32) {
      let before = levin_thread_count()
      levin_set_thread_count(threads)
      defer { levin_set_thread_count(before) }
      let tally = Tally()
      let context = Unmanaged.passUnretained(tally).toOpaque()
      let shapes = [(200, 1), (2, 1), (64, 1), (199, 16), (3, 1), (150, 7)]
      for turn in 1...300 {
        let (count, grain) = shapes[turn % shapes.count]
        tally.clear()
        levin_parallel_for(count, grain, context) { context, begin, end in
          guard let context else { return }
          Unmanaged<Tally>.fromOpaque(context).takeUnretainedValue().count(begin..<end)
        }
        #expect(
          withExtendedLifetime(tally) { tally.runs(of: count) } == Array(repeating: 1, count: count)
        )
      }
    }

    /// The number of times that each index was run.
    private final class Tally: Sendable {
      private let runs = (0..<256).map { _ in Counter() }
      private final class Counter: Sendable { let value = Atomic(0) }

      func clear() { for counter in runs { counter.value.store(0, ordering: .relaxed) } }
      func count(_ range: Range<Int>) {
        for index in range { runs[index].value.add(1, ordering: .relaxed) }
      }
      func runs(of count: Int) -> [Int] {
        runs.prefix(count).map { $0.value.load(ordering: .relaxed) }
      }
    }

    @Test func nothingToDoCallsNobody() {
      #expect(ranges(of: 0, grain: 1, threads: 2) == [])
      #expect(ranges(of: -5, grain: 1, threads: 2) == [])
    }

    @Test func theCallerBeginsWithTheFirstHalfOfItsShare() {
      for _ in 0..<100 {
        #expect(ranges(of: 784, grain: 16, threads: 3).first == 0..<128)
        #expect(ranges(of: 2, grain: 1, threads: 2) == [0..<1, 1..<2])
      }
    }

    /// A thread that is held up in its first piece, whether the caller or the worker, does not hold up anything else.
    @Test(arguments: [0, 32]) func whoeverIsFreeTakesWhatASlowThreadHasNotBegun(slow: Int) {
      let before = levin_thread_count()
      levin_set_thread_count(2)
      defer { levin_set_thread_count(before) }
      let race = Race(slow: slow, others: 64 - 16)
      levin_parallel_for(64, 1, Unmanaged.passUnretained(race).toOpaque()) {
        context, begin, end in
        guard let context else { return }
        let race = Unmanaged<Race>.fromOpaque(context).takeUnretainedValue()
        begin == race.slow ? race.waitForOthers() : race.finish(end - begin)
      }
      #expect(withExtendedLifetime(race) { race.wasWon })
    }

    /// Counts what is finished while one range waits for all the others.
    private final class Race: Sendable {
      let slow: Int
      private let others: Int
      private let finished = Atomic(0)
      private let isWon = Atomic(false)

      init(slow: Int, others: Int) {
        self.slow = slow
        self.others = others
      }

      var wasWon: Bool { isWon.load(ordering: .acquiring) }

      func finish(_ count: Int) { finished.add(count, ordering: .releasing) }

      /// Gives up after ten seconds.
      func waitForOthers() {
        let deadline = ContinuousClock.now + .seconds(10)
        while finished.load(ordering: .acquiring) < others, ContinuousClock.now < deadline {}
        isWon.store(finished.load(ordering: .acquiring) >= others, ordering: .releasing)
      }
    }

    @Test func aLoopInsideALoopRunsWhole() {
      let before = levin_thread_count()
      levin_set_thread_count(2)
      defer { levin_set_thread_count(before) }
      var ends = [Int](repeating: -1, count: 20)
      ends.withUnsafeMutableBytes { ends in
        levin_parallel_for(2, 1, ends.baseAddress) { context, begin, _ in
          guard let context else { return }
          let half = context.assumingMemoryBound(to: Int.self) + 10 * begin
          levin_parallel_for(10, 1, half) { context, begin, end in
            context?.assumingMemoryBound(to: Int.self)[begin] = end
          }
        }
      }
      let whole = [10] + [Int](repeating: -1, count: 9)
      #expect(ends == whole + whole)
    }

    @Test func callersOnManyThreadsDoNotDisturbEachOther() async {
      let before = levin_thread_count()
      levin_set_thread_count(2)
      defer { levin_set_thread_count(before) }
      let sums = await withTaskGroup(of: Float.self) { group in
        for task in 0..<6 {
          group.addTask {
            var x = [Float](repeating: Float(task), count: 30_000)
            let ones = [Float](repeating: 1, count: x.count)
            for _ in 0..<20 { levin_binary(.add, .float32, x.count, x, ones, .none, &x) }
            return x.reduce(0) { max($0, $1) } + (x.min() ?? 0)
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      let expected: [Float] = [40, 42, 44, 46, 48, 50]
      #expect(sums.sorted() == expected)
    }

    @Test func threadCountsAreClamped() {
      let before = levin_thread_count()
      defer { levin_set_thread_count(before) }
      for (asked, got) in [(0, 1), (-3, 1), (1, 1), (5, 5), (1000, 64)] as [(Int32, Int32)] {
        levin_set_thread_count(asked)
        #expect(levin_thread_count() == got)
      }
    }

    @Test func plainIsAlwaysThere() {
      #expect(levin_isa_available(.plain))
      #expect(LevinISA.onThisMachine.contains(levin_isa()))
      #expect(String(cString: levin_isa_name(.avx512)) == "avx512")
    }
  }
}

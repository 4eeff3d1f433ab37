import Foundation
import LevinData
import LevinTensor
import Synchronization
import Testing

/// Runs in a separate process when threads are counted, because other tests have threads, too.
///
/// Loaders have their own generators, because the default one belongs to the tests of the loader.
@Suite struct WorkerTests {
  /// What the fetches of a loader saw.
  final class Counts: Sendable {
    let started = Atomic(0)
  }

  @Test func batchesAreFetchedAheadButNotWithoutBound() throws {
    let counts = Counts()
    let dataset = NumbersDataset(count: 100) { counts.started.add(1, ordering: .relaxed) }
    let iterator = DataLoader(
      dataset, batchSize: 1, workerCount: 3, generator: Generator(seed: 1)
    ).makeIterator()
    var waited = 0
    while counts.started.load(ordering: .relaxed) < 6, waited < 5000 {
      usleep(1000)
      waited += 1
    }
    usleep(20000)
    #expect(counts.started.load(ordering: .relaxed) == 6)
    #expect(iterator.next() == [0])
  }

  @Test func slowAndUnevenFetchesKeepTheOrder() throws {
    let dataset = NumbersDataset(count: 40) { usleep(UInt32.random(in: 0...2000)) }
    let loader = DataLoader(
      dataset, batchSize: 1, workerCount: 4, generator: Generator(seed: 1))
    #expect(Array(loader).flatMap { $0 } == Array(0..<40))
  }

  @Test func randomChangesDoNotDependOnTheWorkers() {
    /// One random number for each sample.
    struct Noise: Dataset {
      let count = 20

      func batch(at indices: ArraySlice<Int>) -> [Float] { batch(BatchRequest(indices)) }

      func batch(_ request: BatchRequest) -> [Float] {
        request.indices.map { index in
          var random = SampleGenerator(seed: request.seed, sample: index)
          return random.uniform()
        }
      }
    }
    func pass(_ workerCount: Int, _ batchSize: Int, seed: UInt64) -> [Float] {
      let loader = DataLoader(
        Noise(), batchSize: batchSize, workerCount: workerCount, generator: Generator(seed: seed))
      return loader.flatMap { $0 }
    }
    let alone = pass(0, 3, seed: 1)
    #expect(Set(alone).count == 20)
    #expect(pass(3, 3, seed: 1) == alone)
    #expect(pass(2, 7, seed: 1) == alone)
    #expect(pass(0, 3, seed: 2) != alone)
  }

  @Test func noThreadIsLeftBehind() async {
    await #expect(processExitsWith: .success) {
      func loader(failsAt: Int? = nil) -> DataLoader<[Int]> {
        DataLoader(
          NumbersDataset(count: 50, failsAt: failsAt) { usleep(500) }, batchSize: 2,
          workerCount: 4)
      }
      let before = threadCount()
      // A whole pass; the iterator lives on.
      let whole = loader().makeIterator()
      #expect(threadCount() == before + 4)
      while whole.next() != nil {}
      #expect(onlyThreads(of: before))
      // An early break.
      for _ in loader() { break }
      #expect(onlyThreads(of: before))
      // An error; the iterator lives on.
      let failing = loader(failsAt: 11).makeIterator()
      while failing.next() != nil {}
      #expect(failing.failure != nil)
      #expect(onlyThreads(of: before))
      // An iterator that is never asked for a batch.
      _ = loader().makeIterator()
      #expect(onlyThreads(of: before))
      // After a stop the iterator lives on, and has no more batches.
      let stopped = loader().makeIterator()
      _ = stopped.next()
      stopped.stop()
      #expect(onlyThreads(of: before))
      #expect(stopped.next() == nil)
    }
  }

  @Test func persistentWorkersWaitForTheNextPass() async {
    await #expect(processExitsWith: .success) {
      let before = threadCount()
      do {
        let loader = DataLoader(
          NumbersDataset(count: 30) { usleep(100) }, batchSize: 2, workerCount: 3,
          persistentWorkers: true)
        for _ in 0..<3 {
          #expect(loader.flatMap { $0 } == Array(0..<30))
          #expect(threadCount() == before + 3)
        }
        // A pass that is left early, and two passes at once.
        for _ in loader { break }
        #expect(threadCount() == before + 3)
        let pairs = zip(loader, loader).map { ($0, $1) }
        #expect(pairs.allSatisfy { $0.0 == $0.1 } && pairs.count == 15)
        #expect(onlyThreads(of: before + 3))
      }
      #expect(onlyThreads(of: before))
    }
  }

  @Test func theDepthIsTheOneAskedFor() throws {
    for (factor, expected) in [(1, 2), (5, 10)] {
      let counts = Counts()
      let dataset = NumbersDataset(count: 100) { counts.started.add(1, ordering: .relaxed) }
      let pass = DataLoader(
        dataset, batchSize: 1, workerCount: 2, generator: Generator(seed: 1),
        prefetchFactor: factor
      ).makeIterator()
      var waited = 0
      while counts.started.load(ordering: .relaxed) < expected, waited < 5000 {
        usleep(1000)
        waited += 1
      }
      usleep(20000)
      #expect(counts.started.load(ordering: .relaxed) == expected)
      pass.stop()
    }
  }

  @Test func aCancelledTaskStopsItsWorkers() async throws {
    let counts = Counts()
    // Only the workers' closure holds the token, so it is gone when the last worker has ended.
    weak var watched: Token?
    func loader() -> DataLoader<[Int]> {
      let token = Token()
      watched = token
      let dataset = NumbersDataset(count: 50_000) {
        token.count.add(1, ordering: .relaxed)
        usleep(100)
      }
      return DataLoader(dataset, batchSize: 1, workerCount: 3, generator: Generator(seed: 1))
    }
    let task = Task { [loader = loader()] in
      for _ in loader {
        counts.started.add(1, ordering: .relaxed)
        if Task.isCancelled { break }
      }
    }
    while counts.started.load(ordering: .relaxed) < 10 {
      try await Task.sleep(for: .milliseconds(1))
    }
    task.cancel()
    await task.value
    #expect(counts.started.load(ordering: .relaxed) < 50_000)
    #expect(watched == nil)
  }

  final class Token: Sendable {
    let count = Atomic(0)
  }
}

/// The threads of this process.
private func threadCount() -> Int {
  let tasks = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
  return tasks?.count ?? 0
}

/// Whether there are no more threads than `before`.
///
/// A joined thread can remain in /proc for a moment, so this retries for up to a second.
private func onlyThreads(of before: Int) -> Bool {
  for _ in 0..<1000 where threadCount() > before { usleep(1000) }
  return threadCount() <= before
}

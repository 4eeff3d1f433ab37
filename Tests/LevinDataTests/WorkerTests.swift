import Foundation
import LevinData
import LevinTensor
import Synchronization
import Testing

/// Serialized and in a process of its own where threads are counted, as other tests have threads too.
@Suite(.serialized) struct WorkerTests {
  /// What the fetches of a loader saw.
  final class Counts: Sendable {
    let started = Atomic(0)
    let running = Atomic(0)
  }

  @Test func batchesAreFetchedAheadButNotWithoutBound() throws {
    let counts = Counts()
    let dataset = NumbersDataset(count: 100) { counts.started.add(1, ordering: .relaxed) }
    let iterator = DataLoader(dataset, batchSize: 1, workerCount: 3).makeIterator()
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
    let loader = DataLoader(dataset, batchSize: 1, workerCount: 4)
    #expect(Array(loader).flatMap { $0 } == Array(0..<40))
  }

  @Test func randomChangesDoNotDependOnTheWorkers() throws {
    struct Jitter: ImageTransform {
      func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
        for i in image.pixels.indices { image.pixels[i] += random.uniform(-1..<1) }
      }
    }
    let images = ByteImages(
      pixels: [UInt8](repeating: 100, count: 20 * 4), labels: [UInt8](repeating: 1, count: 20),
      height: 2, width: 2, transform: Compose(Jitter(), ToTensor()))
    func pass(_ workerCount: Int, _ batchSize: Int, seed: UInt64) -> [Float] {
      let loader = DataLoader(
        images, batchSize: batchSize, workerCount: workerCount, generator: Generator(seed: seed))
      return loader.flatMap { $0.images.scalars(as: Float.self) }
    }
    let alone = pass(0, 3, seed: 1)
    #expect(Set(alone).count > 75)
    #expect(pass(3, 3, seed: 1) == alone)
    #expect(pass(2, 7, seed: 1) == alone)
    #expect(pass(0, 3, seed: 2) != alone)
    let loader = DataLoader(images, batchSize: 20, generator: Generator(seed: 1))
    let passes = (0..<2).map { _ in loader.flatMap { $0.images.scalars(as: Float.self) } }
    #expect(passes[0] != passes[1])
  }

  @Test func noThreadIsLeftBehind() async {
    await #expect(processExitsWith: .success) {
      func threadCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
      }
      let before = try threadCount()
      func loader(failsAt: Int? = nil) -> DataLoader<[Int]> {
        DataLoader(
          NumbersDataset(count: 50, failsAt: failsAt) { usleep(500) }, batchSize: 2,
          workerCount: 4)
      }
      // A whole pass; the iterator lives on.
      let whole = loader().makeIterator()
      #expect(try threadCount() == before + 4)
      while whole.next() != nil {}
      #expect(try threadCount() == before)
      // An early break.
      for _ in loader() { break }
      #expect(try threadCount() == before)
      // An error; the iterator lives on.
      let failing = loader(failsAt: 11).makeIterator()
      while failing.next() != nil {}
      #expect(failing.failure != nil)
      #expect(try threadCount() == before)
      // An iterator that nobody asks for a batch.
      _ = loader().makeIterator()
      #expect(try threadCount() == before)
      // A stop; the iterator lives on, and has nothing more to give.
      let stopped = loader().makeIterator()
      _ = stopped.next()
      stopped.stop()
      #expect(try threadCount() == before)
      #expect(stopped.next() == nil)
    }
  }

  @Test func aCancelledTaskLeavesNoThread() async {
    await #expect(processExitsWith: .success) {
      func threadCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
      }
      let task = Task {
        let before = try threadCount()
        let loader = DataLoader(
          NumbersDataset(count: 1_000_000) { usleep(100) }, batchSize: 1, workerCount: 3)
        var count = 0
        for _ in loader {
          count += 1
          if Task.isCancelled { break }
        }
        #expect(count < 1_000_000)
        #expect(try threadCount() <= before)
      }
      try await Task.sleep(for: .milliseconds(20))
      task.cancel()
      try await task.value
    }
  }
}

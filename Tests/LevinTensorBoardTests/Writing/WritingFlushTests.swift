import Foundation
import LevinTensorBoard
import Testing

extension WritingTests {
  /// The promise of `flush()`: everything logged before it is on the disk.
  @Suite struct FlushTests {
    @Test func aFlushSyncsTheFileAndItsName() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        try WatchedCalls.watching(folder) {
          writer.addScalar("x", 1)
          try writer.flush()
          let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
          let calls = WatchedCalls.calls
          let lastWrite = calls.lastIndex { if case .write = $0 { true } else { false } } ?? .max
          #expect(calls.suffix(from: lastWrite + 1).contains(.sync(name: "/" + name)))
          #expect(calls.contains(.sync(name: "")), "the folder has the name")
        }
      }
    }

    /// Values that left the process before a flush are on the disk after it, too.
    @Test func aFlushSyncsWhatWasWrittenBefore() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        try WatchedCalls.watching(folder) {
          for round in 1...2 {
            writer.addScalar("x", 1, step: round)
            try waitUntil { try allPoints(folder, "x").count == round }
            usleep(20_000)
            try writer.flush()
            let path = try #require(try Run.eventFiles(in: folder).first)
            #expect(
              WatchedCalls.calls.last { $0 != .sync(name: "") }
                == .sync(name: String(path.dropFirst(folder.count))))
          }
        }
      }
    }

    @Test func closingSyncs() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        try WatchedCalls.watching(folder) {
          writer.addScalar("x", 1)
          try waitUntil { try allPoints(folder, "x").count == 1 }
          try writer.close()
          #expect(
            WatchedCalls.calls.contains {
              if case .sync(let name) = $0 { name != "" } else { false }
            }
          )
        }
      }
    }

    /// Many threads flush and log at the same time, and one closes in between; nothing waits forever, and after each
    /// flush what its thread logged is readable.
    @Test func flushesAndClosesFromManyThreads() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder, queueCapacity: 5)
        let workers = (0..<4).map { number in
          Worker {
            for step in 0..<50 {
              writer.addScalar("\(number)", 1, step: step)
              do {
                if step % 10 == number { try writer.flush() }
                if step % 10 == 9 - number { try writer.close() }
              } catch {
                Issue.record(error)
              }
            }
          }
        }
        for worker in workers { worker.join() }
        try writer.flush()
        for number in 0..<4 {
          #expect(try allPoints(folder, "\(number)").steps == Array(0..<50))
        }
      }
    }

    /// A thread closes while others wait for events that were written after it had begun to close.
    @Test(.timeLimit(.minutes(1))) func flushesReturnWhileAnotherThreadCloses() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        let workers = (0..<3).map { number in
          Worker {
            for step in 0..<(number == 0 ? 300 : 3000) {
              writer.addScalar("\(number)", 1, step: step)
              do {
                if number == 0 {
                  try writer.close()
                } else if step % 10 == 0 {
                  try writer.flush()
                }
              } catch {
                Issue.record(error)
              }
            }
          }
        }
        for worker in workers { worker.join() }
        try writer.close()
        for number in 0..<3 {
          let count = number == 0 ? 300 : 3000
          #expect(try allPoints(folder, "\(number)").steps == Array(0..<count))
        }
      }
    }

    /// Runs of several curves in one chart are flushed and closed with their parent.
    @Test func runsBelowAreFlushedToo() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        try writer.addScalars("loss/all", ["train": 1, "test": 2], step: 3)
        try writer.flush()
        #expect(try allPoints(folder + "/loss_all_train", "loss/all").values == [1])
        #expect(try allPoints(folder + "/loss_all_test", "loss/all").values == [2])
        #expect(try starts(in: folder + "/loss_all_test") == [0])
        try writer.close()
      }
    }
  }
}

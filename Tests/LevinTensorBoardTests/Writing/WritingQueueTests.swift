import Foundation
import LevinTensorBoard
import Synchronization
import Testing

extension WritingTests {
  /// The queue between logging threads and the writing thread.
  @Suite struct QueueTests {
    /// If the disk is stuck, a caller can log until the queue is full, and then waits; when the disk moves again,
    /// everything arrives.
    @Test func aFullQueueLetsTheCallerWait() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder, queueCapacity: 10)
        let logged = Atomic<Int>(0)
        try WatchedCalls.watching(folder) {
          var caller: Worker?
          WatchedCalls.holdingWrites {
            caller = Worker {
              for step in 0..<1000 {
                writer.addScalar("x", Double(step), step: step)
                logged.add(1, ordering: .relaxed)
              }
            }
            usleep(300_000)
            #expect(logged.load(ordering: .relaxed) <= 20)
          }
          caller?.join()
          try writer.flush()
        }
        #expect(try allPoints(folder, "x").steps == Array(0..<1000))
      }
    }

    @Test(arguments: [0, 1, 2]) func aShortQueueDropsNothing(capacity: Int) throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder, queueCapacity: capacity)
        for step in 0..<300 { writer.addScalar("x", Double(step), step: step) }
        try writer.close()
        #expect(try allPoints(folder, "x").values == (0..<300).map { Double($0) })
      }
    }

    /// Values that wait while the disk is busy are written in few calls, each of whole records.
    @Test func aWriteEndsOnARecordBoundaryAndCarriesManyRecords() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        try WatchedCalls.watching(folder) {
          WatchedCalls.holdingWrites {
            for step in 0..<1000 {
              writer.addScalar("a/\(step % 7)", Double(step), step: step)
              if step % 100 == 0 {
                writer.addText("t", String(repeating: "text ", count: 20_000), step: step)
              }
            }
          }
          try writer.close()
          let lengths = WatchedCalls.calls.compactMap { call in
            if case .write(_, let length) = call { length } else { nil }
          }
          let path = try #require(try Run.eventFiles(in: folder).first)
          let ends = try items(path).items.dropFirst().compactMap { item in
            if case .event(_, let offset) = item { offset } else { nil }
          }
          #expect(ends.count == 1011)
          #expect(Set(lengths).isSubset(of: ends + [try readBytes(path).count]))
          #expect(lengths.count > 3, "one megabyte is too much for one write")
          #expect(lengths.count < 50)
        }
      }
    }

    /// A writer that is released has written everything it was given.
    @Test func aForgottenWriterWritesAll() throws {
      try withTemporaryFolder { folder in
        do {
          let writer = try SummaryWriter(directory: folder)
          for step in 0..<100 { writer.addScalar("x", 1, step: step) }
        }
        #expect(try allPoints(folder, "x").count == 100)
      }
    }

    @Test func withoutValuesThereIsNoFile() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder + "/a/b")
        try writer.flush()
        try writer.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a/b").isEmpty)
      }
    }
  }
}

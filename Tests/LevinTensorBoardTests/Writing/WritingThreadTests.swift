import Foundation
import LevinTensorBoard
import Testing

extension WritingTests {
  /// One writer, many threads: all values arrive, each thread's in order.
  @Suite struct ThreadTests {
    @Test(arguments: [3, 4096]) func allValuesArriveInOrder(capacity: Int) throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder, queueCapacity: capacity)
        let workers = (0..<8).map { number in
          Worker {
            for step in 0..<500 {
              switch step % 3 {
              case 0: writer.addScalar("\(number)", Double(step), step: step)
              case 1: writer.addText("\(number)", "\(step)", step: step)
              default: writer.addHistogram("h\(number)", [Double(step)], step: step)
              }
            }
          }
        }
        for worker in workers { worker.join() }
        try writer.close()
        var steps: [String: [Int]] = [:]
        let files = try Run.eventFiles(in: folder)
        try #require(files.count == 1)
        for (event, value) in try values(files[0]) {
          let number = value.tag.filter(\.isNumber)
          steps[number, default: []].append(event.step)
          if case .scalar(let found) = value.content { #expect(Int(found) == event.step) }
        }
        #expect(steps.count == 8)
        for number in 0..<8 { #expect(steps["\(number)"] == Array(0..<500)) }
      }
    }

    /// Values that are logged while another thread closes go to one file or the next.
    @Test func closingBesideLogging() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder, queueCapacity: 4)
        let caller = Worker {
          for step in 0..<2000 { writer.addScalar("x", 1, step: step) }
        }
        for _ in 0..<50 {
          try writer.close()
          usleep(200)
        }
        caller.join()
        try writer.close()
        #expect(try allPoints(folder, "x").steps == Array(0..<2000))
        #expect(try Run(directory: folder).scalars("x")?.steps == Array(0..<2000))
      }
    }

    /// Runs below a run are created once, whichever thread asks first.
    @Test func runsBelowFromManyThreads() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        let workers = (0..<4).map { number in
          Worker {
            do {
              for step in 0..<25 {
                try writer.addScalars("t", ["a": 1, "b": 2], step: step * 4 + number)
              }
            } catch {
              Issue.record(error)
            }
          }
        }
        for worker in workers { worker.join() }
        try writer.close()
        for name in ["t_a", "t_b"] {
          #expect(try Run.eventFiles(in: folder + "/" + name).count == 1)
          #expect(try allPoints(folder + "/" + name, "t").steps.sorted() == Array(0..<100))
        }
      }
    }
  }
}

import Foundation
import LevinTensorBoard
import Synchronization
import Testing

extension WritingTests {
  /// Real kills of real processes.
  @Suite struct KillTests {
    /// Values of every size leave the process without a flush; a kill -9 a second later loses nothing.
    @Test func whatWasLoggedASecondBeforeAKillIsReadable() async throws {
      try await SharedFolder.with { folder in
        await #expect(processExitsWith: .signal(SIGKILL)) {
          let writer = try SummaryWriter(directory: SharedFolder.path)
          for step in 0..<1000 { writer.addScalar("x", Double(step), step: step) }
          writer.addText("notes", String(repeating: "long ", count: 50_000), step: 1000)
          writer.addScalar("last", 1, step: 1000)
          sleep(1)
          kill(getpid(), SIGKILL)
        }
        let run = try Run(directory: folder)
        #expect(run.scalars("x")?.steps == Array(0..<1000))
        #expect(run.scalars("x")?.values == (0..<1000).map { Double($0) })
        #expect(try run.texts("notes/text_summary").first?.value.text.count == 250_000)
        #expect(run.scalars("last")?.count == 1)
        #expect(run.problems.isEmpty)
        #expect(run.files.map(\.tail) == [.clean])
      }
    }

    /// A process that is killed while it logs as fast as it can has written everything up to a second before, in
    /// order, and at most its last record is cut.
    @Test func aKillWhileWritingCutsAtMostTheTail() async throws {
      try await SharedFolder.with { folder in
        await #expect(processExitsWith: .signal(SIGKILL)) {
          let writer = try SummaryWriter(directory: SharedFolder.path)
          let logged = Atomic<Int>(0)
          let caller = Worker {
            for step in 0... {
              writer.addScalar("x", Double(step), step: step)
              logged.store(step, ordering: .relaxed)
            }
          }
          usleep(100_000)
          let count = logged.load(ordering: .relaxed)
          try Data("\(count)".utf8).write(to: URL(filePath: SharedFolder.path + "/count"))
          sleep(1)
          kill(getpid(), SIGKILL)
          caller.join()
        }
        let count = try #require(
          Int(try String(contentsOfFile: folder + "/count", encoding: .utf8)))
        let run = try Run(directory: folder)
        let steps = try #require(run.scalars("x")?.steps)
        #expect(steps.count > count)
        #expect(steps == Array(0..<steps.count))
        #expect(run.problems.isEmpty)
      }
    }

    /// The bytes of a value leave the process at most half a second after it was logged.
    @Test func valuesLeaveTheProcessUnasked() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        writer.addScalar("x", 1)
        writer.addImage("p", PixelImage(width: 2, height: 1, channels: 1, pixels: [0, 255]))
        // Twice the promised time, because the machine may be busy.
        sleep(1)
        #expect(try allPoints(folder, "x").count == 1)
        #expect(try Run(directory: folder).images("p").count == 1)
        try writer.close()
      }
    }
  }
}

import Foundation
import LevinTensorBoard
import Testing

extension WritingTests {
  /// A failure to write is reported with the file and the reason, and nothing waits forever.
  @Suite struct ErrorTests {
    @Test func aFolderThatCannotBeMade() throws {
      try withTemporaryFolder { folder in
        try write([], to: folder + "/file")
        for path in [folder + "/file", folder + "/file/run"] {
          let error = #expect(throws: EventWriterError.self) {
            try SummaryWriter(directory: path)
          }
          #expect(error?.path == path)
          #expect(
            error?.description
              == "cannot make the folder '\(path)': Not a directory. Check the path.")
        }
        let writer = try SummaryWriter(directory: folder)
        try write([], to: folder + "/loss_test")
        #expect(throws: EventWriterError.self) { try writer.addScalars("loss", ["test": 1]) }
        #expect(throws: EventWriterError.self) {
          try writer.addHyperparameters(["a": 1], metrics: ["m": 1], runName: "file")
        }
      }
      #expect(throws: EventWriterError.self) { try SummaryWriter(directory: "/proc/levin") }
    }

    /// A folder in which nothing can be made, root or not.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/task")))
    func aFolderThatCannotBeWritten() throws {
      let writer = try SummaryWriter(directory: "/proc/self/task", queueCapacity: 3)
      for step in 0..<100 { writer.addScalar("x", 1, step: step) }
      let error = #expect(throws: EventWriterError.self) { try writer.flush() }
      #expect(error?.path.hasPrefix("/proc/self/task/events.out.tfevents.") == true)
      #expect(error?.description.hasPrefix("cannot write '/proc/self/task/events.out.") == true)
    }

    /// Before the first value, the file cannot be created; after it, writes fail.
    @Test(arguments: [0, 1]) func aFolderRemovedInMidRun(written: Int) throws {
      try withTemporaryFolder { folder in
        let run = folder + "/run"
        let writer = try SummaryWriter(directory: run, queueCapacity: 10)
        for step in 0..<written { writer.addScalar("x", 1, step: step) }
        try writer.flush()
        try FileManager.default.removeItem(atPath: run)
        for step in written..<100 { writer.addScalar("x", 1, step: step) }
        let error = #expect(throws: EventWriterError.self) { try writer.flush() }
        #expect(error?.path.hasPrefix(run + "/events.out.tfevents.") == true)
        let reason =
          written == 0
          ? "No such file or directory. Check the path."
          : "somebody removed it. Keep it until the writer is closed."
        #expect(error?.description == "cannot write '\(error?.path ?? "")': \(reason)")
        // A caller that continues is not held up, and gets the error again.
        for step in 100..<200 { writer.addScalar("x", 1, step: step) }
        #expect(throws: EventWriterError.self) { try writer.flush() }
        #expect(throws: EventWriterError.self) { try writer.close() }
      }
    }

    /// A limit on the file size simulates a full disk: the file has all whole records that fit, and later ones are
    /// refused.
    @Test func aFullDisk() async throws {
      try await SharedFolder.with { folder in
        await #expect(processExitsWith: .success) {
          signal(SIGXFSZ, SIG_IGN)
          var limit = rlimit(rlim_cur: 10_000, rlim_max: 10_000)
          #expect(setrlimit(Int32(RLIMIT_FSIZE.rawValue), &limit) == 0)
          let writer = try SummaryWriter(directory: SharedFolder.path, queueCapacity: 100)
          for step in 0..<100 { writer.addScalar("x", Double(step), step: step) }
          try writer.flush()
          for step in 100..<1000 { writer.addScalar("x", Double(step), step: step) }
          let error = #expect(throws: EventWriterError.self) { try writer.flush() }
          #expect(error?.description.contains(": File too large") == true)
          #expect(throws: EventWriterError.self) { try writer.close() }
        }
        let steps = try allPoints(folder, "x").steps
        #expect(steps.count >= 100)
        #expect(steps == Array(0..<steps.count))
        let path = try #require(try Run.eventFiles(in: folder).first)
        _ = try soundEvents(path)
        // A record of this curve has 40 bytes.
        #expect(try readBytes(path).count > 10_000 - 40)
      }
    }
  }
}

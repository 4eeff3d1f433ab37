import Foundation
import LevinTensorBoard
import Testing

extension WritingTests {
  /// Several processes, one folder.
  @Suite struct ProcessTests {
    /// Logs 200 points under the process's own number, once both processes are running.
    static func logWithTheOther() throws {
      let writer = try SummaryWriter(directory: SharedFolder.path)
      try write([], to: SharedFolder.path + "/here.\(getpid())")
      try waitUntil {
        try FileManager.default.contentsOfDirectory(atPath: SharedFolder.path)
          .count { $0.hasPrefix("here.") } == 2
      }
      for step in 0..<200 { writer.addScalar("\(getpid())", Double(step), step: step) }
      try writer.flush()
      // Both are running at the same time.
      try write([], to: SharedFolder.path + "/done.\(getpid())")
      try waitUntil {
        try FileManager.default.contentsOfDirectory(atPath: SharedFolder.path)
          .count { $0.hasPrefix("done.") } == 2
      }
      try writer.close()
    }

    @Test func twoProcessesNeverShareAFile() async throws {
      try await SharedFolder.with { folder in
        await withTaskGroup(of: Void.self) { processes in
          for _ in 0..<2 {
            processes.addTask {
              await #expect(processExitsWith: .success) { try ProcessTests.logWithTheOther() }
            }
          }
        }
        let files = try Run.eventFiles(in: folder)
        try #require(files.count == 2)
        for path in files {
          let tags = Set(try values(path).map(\.value.tag))
          #expect(tags.count == 1)
          #expect(path.contains(".\(tags.first ?? "no tag")."))
        }
        let run = try Run(directory: folder)
        #expect(run.tags.count == 2)
        for tag in run.tags { #expect(run.scalars(tag.name)?.steps == Array(0..<200)) }
        #expect(try starts(in: folder) == [0, .max])
      }
    }

    /// A writer in a forked process: the child writes its own file, and the parent continues with its file.
    @Test func aForkedProcessWritesItsOwnFile() async throws {
      try await SharedFolder.with { folder in
        await #expect(processExitsWith: .success) {
          let writer = try SummaryWriter(directory: SharedFolder.path, queueCapacity: 10)
          for step in 0..<10 { writer.addScalar("parent", 1, step: step) }
          try writer.flush()
          // Swift hides fork, but programs that embed Python, for example, call it.
          typealias Fork = @convention(c) () -> Int32
          guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "fork") else { exit(1) }
          let child = unsafeBitCast(symbol, to: Fork.self)()
          if child == 0 {
            // More than the queue holds: no thread would empty the parent's queue in the child.
            for step in 0..<50 { writer.addScalar("child", 2, step: step) }
            do { try writer.close() } catch { _exit(1) }
            _exit(0)
          }
          var status: Int32 = -1
          // A hanging child is ended, too.
          var waits = 0
          while waitpid(child, &status, WNOHANG) == 0 {
            usleep(10_000)
            waits += 1
            if waits == 3000 { kill(child, SIGKILL) }
          }
          guard status == 0 else { exit(1) }
          for step in 10..<20 { writer.addScalar("parent", 1, step: step) }
          try writer.close()
        }
        let files = try Run.eventFiles(in: folder)
        try #require(files.count == 2)
        #expect(Set(try values(files[0]).map(\.value.tag)) == ["parent"])
        #expect(Set(try values(files[1]).map(\.value.tag)) == ["child"])
        let run = try Run(directory: folder)
        #expect(run.scalars("parent")?.steps == Array(0..<20))
        #expect(run.scalars("child")?.steps == Array(0..<50))
      }
    }
  }
}

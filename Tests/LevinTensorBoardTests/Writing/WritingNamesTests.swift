import Foundation
import LevinTensorBoard
import Testing

extension WritingTests {
  /// File names never clash, and sort in the order in which the files were created.
  @Suite struct NamesTests {
    func names(_ folder: String) throws -> [String] {
      try Run.eventFiles(in: folder).map { ($0 as NSString).lastPathComponent }
    }

    /// Runs in a separate process, where the numbers in the names begin at 0 and grow to two digits within a second.
    @Test func manyFilesInOneSecondSortAsTheyWereMade() async throws {
      try await SharedFolder.with { folder in
        await #expect(processExitsWith: .success) {
          let folder = SharedFolder.path
          var writers: [SummaryWriter] = []
          var made: [String] = []
          for step in 0..<25 {
            writers.append(try SummaryWriter(directory: folder))
            writers[step].addScalar("x", 1, step: step)
            try waitUntil { try Run.eventFiles(in: folder).count > step }
            made += try Run.eventFiles(in: folder).filter { !made.contains($0) }
          }
          #expect(made.count == 25 && made == made.sorted())
          for writer in writers { try writer.flush() }
          // Closing each would only take time.
          exit(0)
        }
        let steps = try Run.eventFiles(in: folder).flatMap { try values($0).map(\.event.step) }
        #expect(steps == Array(0..<25))
      }
    }

    @Test func theNameIsTheOneThatOtherWritersUse() throws {
      try withTemporaryFolder { folder in
        let before = Int(Date().timeIntervalSince1970)
        let writer = try SummaryWriter(directory: folder)
        writer.addScalar("x", 1)
        try writer.close()
        let name = try #require(try names(folder).first)
        #expect(name.hasPrefix("events.out.tfevents."))
        let parts = name.dropFirst("events.out.tfevents.".count).split(separator: ".")
        try #require(parts.count > 3)
        #expect(parts[0].count == 10)
        #expect((before...before + 60).contains(Int(parts[0]) ?? 0))
        #expect(parts[parts.count - 2] == "\(getpid())")
        #expect(try Run(directory: folder).sourceWriter == "levin.SummaryWriter")
      }
    }

    /// A clock that was set back, and files of other programs in the folder.
    @Test(arguments: [
      ("events.out.tfevents.4000000000.host.1.0", true),
      ("events.out.tfevents.9999999999.host.1.0", true),
      ("events.out.tfevents.1700000000.zzz", true),
      ("events.out.tfevents.0", true),
      ("events.out.tfevents.9223372036854775807.host", false),
      ("events.out.tfevents.soon", false),
      ("zzz.tfevents", false),
    ])
    func namesOfOthers(name: String, sortsBefore: Bool) throws {
      try withTemporaryFolder { folder in
        try write([], to: folder + "/" + name)
        var made = [name]
        for _ in 0..<3 {
          let writer = try SummaryWriter(directory: folder)
          writer.addScalar("x", 1)
          try writer.close()
          made += try names(folder).filter { !made.contains($0) }
        }
        #expect(made.count == 4)
        #expect(
          made.dropFirst(sortsBefore ? 0 : 1).elementsEqual(
            made.dropFirst(sortsBefore ? 0 : 1).sorted()))
        // A run's first file is only the first if no other file is there.
        #expect(try starts(in: folder).compactMap { $0 }.count == 3)
      }
    }

    /// A run's process locks the run's folder for as long as it lives, and writes into it.
    @Test func aFolderThatSomebodyLocked() throws {
      try withTemporaryFolder { folder in
        let descriptor = open(folder, O_RDONLY)
        defer { close(descriptor) }
        try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let writer = try SummaryWriter(directory: folder)
        writer.addScalar("x", 1)
        try writer.close()
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(left == (try names(folder)), "the event file alone")
      }
    }

    /// Many writers that start at the same time: one file each, and nothing mixed up or hidden.
    @Test func manyWritersInOneFolder() throws {
      try withTemporaryFolder { folder in
        let workers = (0..<16).map { number in
          Worker {
            do {
              let writer = try SummaryWriter(directory: folder)
              for step in 0..<50 { writer.addScalar("\(number)", Double(number), step: step) }
              try writer.flush()
              usleep(300_000)
              try writer.close()
            } catch {
              Issue.record(error)
            }
          }
        }
        for worker in workers { worker.join() }
        #expect(try names(folder).count == 16)
        for path in try Run.eventFiles(in: folder) {
          #expect(Set(try values(path).map(\.value.tag)).count == 1)
        }
        let run = try Run(directory: folder)
        #expect(run.tags.count == 16)
        for number in 0..<16 {
          #expect(run.scalars("\(number)")?.steps == Array(0..<50))
          #expect(run.scalars("\(number)")?.values == Array(repeating: Double(number), count: 50))
        }
      }
    }
  }
}

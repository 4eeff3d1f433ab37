import Foundation
import LevinTensorBoard
import Testing

@Suite struct ReadingRunTests {
  static let first = "events.out.tfevents.1700000000.golden.1.0"
  static let second = "events.out.tfevents.1700000001.golden.1.1"

  /// A run resumed at step 5: TensorBoard's Python loader drops steps 5…9 of all tags.
  @Test func restartDeclaresPointsVoid() throws {
    let run = try Run(directory: goldenEvents + "/resumed")
    #expect(run.scalars("x")?.steps == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(run.scalars("y")?.steps == [0, 1, 2, 3, 4])
    #expect(run.purgedCount == 10)
    let all = try Run(directory: goldenEvents + "/resumed", purge: false)
    #expect(all.scalars("y")?.steps == Array(0..<10))
    #expect(all.scalars("x")?.count == 13)
  }

  /// PyTorch's `SummaryWriter(purge_step=5)` in a folder whose first file has no START, and
  /// TensorFlow 1's `FileWriter` with a START in the middle of a file.
  @Test func firstStartCounts() throws {
    func scalar(_ tag: String, _ step: UInt8) -> [UInt8] {
      frame(
        [0x10, step] + field(5, field(1, field(1, Array(tag.utf8)) + [0x15, 0, 0, 0x80, 0x3F])))
    }
    let head = frame(field(3, Array("brain.Event:2".utf8)))
    func start(_ step: UInt8) -> [UInt8] { frame([0x10, step] + field(7, [0x08, 1])) }
    try withTemporaryFolder { folder in
      let first = (0..<10).flatMap { scalar("x", $0) + scalar("y", 9 - $0) }
      try write(head + first, to: folder + "/events.out.tfevents.1")
      try write(
        head + start(5) + (5..<8).flatMap { scalar("x", $0) }, to: folder + "/events.out.tfevents.2"
      )
      let run = try Run(directory: folder)
      #expect(run.scalars("x")?.steps == Array(0..<8))
      #expect(run.scalars("y")?.steps == [4, 3, 2, 1, 0], "whose steps go back")
      #expect(run.purgedCount == 10 && run.lastStep == 7)
      #expect(run.tag("y")?.count == 5)
    }
    try withTemporaryFolder { folder in
      let points = (0..<6).flatMap { scalar("x", $0) }
      try write(
        head + points + start(4) + scalar("x", 4) + scalar("x", 5), to: folder + "/tfevents")
      #expect(try Run(directory: folder).scalars("x")?.steps == Array(0..<6))
    }
  }

  /// Each START only visits what it removes: a file with nothing but STARTs is no problem.
  @Test func manyRestarts() throws {
    try withTemporaryFolder { folder in
      let point = frame(field(5, field(1, field(1, [0x78]) + [0x15, 0, 0, 0x80, 0x3F])))
      let restart = frame([0x10, 1] + field(7, [0x08, 1]))
      let points = repeatElement(point, count: 20_000).joined()
      try write(
        frame(field(3, Array("brain.Event:2".utf8))) + Array(points)
          + Array(repeatElement(restart, count: 20_000).joined()), to: folder + "/tfevents")
      #expect(try Run(directory: folder).scalars("x")?.count == 20_000)
    }
  }

  @Test func namesThatAreNotUTF8() throws {
    try withTemporaryFolder { folder in
      let path = Array(folder.utf8CString.dropLast()) + Array("/tfevents.".utf8CString.dropLast())
      let descriptor = open(path + [-1, 0], O_WRONLY | O_CREAT, 0o666)
      #expect(descriptor >= 0)
      close(descriptor)
      #expect(throws: EventFileError.unreachableName(path: folder + "/tfevents.\u{FFFD}")) {
        try Run(directory: folder)
      }
    }
  }

  @Test func oneFile() throws {
    let run = try Run(file: goldenEvents + "/resumed/" + Self.second)
    #expect(run.scalars("x")?.steps == [5, 6, 7] && run.files.count == 1)
  }

  /// Without the version event the older rule applies: a step that goes back purges the tags of its event.
  @Test func oldFilesPurgeBySteps() throws {
    try withTemporaryFolder { folder in
      let bytes = try readBytes(goldenEvents + "/resumed/" + Self.first)
      let later = try readBytes(goldenEvents + "/resumed/" + Self.second)
      func withoutHead(_ bytes: [UInt8], _ name: String) throws -> ArraySlice<UInt8> {
        let offsets = try items(goldenEvents + "/resumed/" + name).items.compactMap { item in
          if case .event(let event, let offset) = item, case .summary = event.content {
            offset
          } else {
            nil
          }
        }
        return bytes[offsets[0]...]
      }
      try write(
        withoutHead(bytes, Self.first) + withoutHead(later, Self.second), to: folder + "/tfevents")
      let run = try Run(directory: folder)
      #expect(run.scalars("x")?.steps == [0, 1, 2, 3, 4, 5, 6, 7])
      #expect(run.scalars("y")?.steps == Array(0..<10))
    }
  }

  /// A file that grows byte by byte: every state is readable, and the end result equals that of a single read.
  @Test func followsAGrowingFile() throws {
    let bytes = try readBytes(goldenEvents + "/resumed/" + Self.first)
    try withTemporaryFolder { folder in
      let path = folder + "/" + Self.first
      try write([], to: path)
      var run = try Run(directory: folder)
      #expect(run.tags.isEmpty && run.wallTimes == nil)
      let reader = try EventFileReader(path: path)
      let handle = try #require(FileHandle(forWritingAtPath: path))
      var count = 0
      var changes = 0
      for byte in bytes {
        try handle.write(contentsOf: Data([byte]))
        while case .event? = try reader.next() { count += 1 }
        if try run.refresh() { changes += 1 }
        #expect(run.problems.isEmpty)
      }
      #expect(count == changes && count > 10)
      #expect(run.scalars("x")?.steps == Array(0..<10))
      // A second file appears, then the first one grows once more: the order of the names holds.
      try write(
        try readBytes(goldenEvents + "/resumed/" + Self.second), to: folder + "/" + Self.second)
      let appeared = try run.refresh()
      #expect(appeared)
      #expect(run.scalars("x")?.steps == Array(0..<8))
      let offsets = try items(path).items.compactMap { item in
        if case .event(_, let offset) = item { offset } else { nil }
      }
      try handle.write(contentsOf: Data(bytes[(offsets.last ?? 0)...]))
      let grown = try run.refresh()
      #expect(grown)
      let anew = try Run(directory: folder)
      #expect(run.tags == anew.tags)
      let changed = try run.refresh()
      #expect(!changed)
    }
  }

  @Test func replacedFileIsReadAnew() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/" + Self.first
      try write(try readBytes(goldenEvents + "/resumed/" + Self.first), to: path)
      var run = try Run(directory: folder)
      let reader = try EventFileReader(path: path)
      while try reader.next() != nil {}
      try write(try readBytes(goldenEvents + "/resumed/" + Self.second), to: path)
      #expect(throws: EventFileError.self) { try reader.next() }
      try run.refresh()
      #expect(run.scalars("x")?.steps == [5, 6, 7])
    }
  }

  @Test func tagsBoundToOneKind() throws {
    try withTemporaryFolder { folder in
      let tag = field(1, Array("x".utf8))
      let scalar = frame(field(5, field(1, tag + [0x15, 0, 0, 0x80, 0x3F])))
      let picture = frame(field(5, field(1, tag + field(4, [0x08, 1]))))
      let numbers = frame(
        field(5, field(1, tag + field(8, [0x08, 1] + field(5, littleEndian(Float(2).bitPattern))))))
      try write(scalar + picture + numbers, to: folder + "/tfevents")
      let run = try Run(directory: folder)
      #expect(run.scalars("x")?.values == [1, 2], "the tensor of one number is a scalar here")
      #expect(run.problems.map(\.offset) == [scalar.count])
      #expect(
        run.problems.first?.message
          == "byte \(scalar.count): another kind of value under the tag 'x', which has scalars")
    }
  }

  @Test func emptyFolder() throws {
    try withTemporaryFolder { folder in
      let run = try Run(directory: folder)
      #expect(run.tags.isEmpty && run.files.isEmpty && run.lastStep == nil)
      #expect(throws: EventFileError.noSuchTag("x", kind: "texts", directory: folder)) {
        try run.texts("x")
      }
    }
    #expect(throws: EventFileError.system(operation: "list", path: "/nowhere", code: 2)) {
      try Run(directory: "/nowhere")
    }
  }

  @Test func filesThatTensorBoardWouldTake() throws {
    try withTemporaryFolder { folder in
      for name in [
        "b.tfevents.2", "a.tfevents.1", "x.profile-empty", "tfevents.profile-empty", "hparams.yaml",
      ] {
        try write([], to: folder + "/" + name)
      }
      try FileManager.default.createDirectory(
        atPath: folder + "/tfevents", withIntermediateDirectories: true)
      let names = try Run.eventFiles(in: folder).map { ($0 as NSString).lastPathComponent }
      #expect(names == ["a.tfevents.1", "b.tfevents.2"])
    }
  }
}

import Foundation
import LevinTensorBoard
import Testing

@Suite struct ReadingCheckTests {
  @Test func stockFilesAreSound() throws {
    for file in try ReadingGoldenTests.expected()["files"]?.members.keys.sorted() ?? [] {
      let report = try EventFileReport(checking: goldenEvents + "/" + file)
      // torch writes the steps as they come: 0, 1, −7.
      let expected =
        file.hasPrefix("torch/events")
        ? ["step -7 of 'odd' comes after step 1: TensorBoard drops the points between"] : []
      #expect(report.findings.map(\.message) == expected, "\(file)")
      #expect(report.unfinished == nil)
      #expect(report.length == (try readBytes(goldenEvents + "/" + file)).count)
      #expect(report.recordCount > 1)
    }
  }

  /// A file with one of everything: the output of `check`, and the records that `repair` keeps.
  @Test func damagedFile() throws {
    try withTemporaryFolder { folder in
      func scalar(_ step: UInt8) -> [UInt8] {
        frame([0x10, step] + field(5, field(1, field(1, [0x78]) + [0x15, 0, 0, 0x80, 0x3F])))
      }
      let head = frame(field(3, Array("brain.Event:2".utf8)))
      var flipped = scalar(3)
      flipped[18] ^= 1
      var misframed = scalar(4)
      misframed[2] ^= 1
      let nonsense = frame([0xFF, 0xFF])
      let notANumber = frame([0x09] + littleEndian(Double.nan.bitPattern))
      let parts = [
        head, scalar(1), flipped, scalar(2), misframed, scalar(5), nonsense, scalar(3), notANumber,
      ]
      let cut = scalar(9).prefix(20)
      let path = folder + "/events.out.tfevents.1.x"
      try write(parts.joined() + Array(cut), to: path)

      let report = try EventFileReport(checking: path)
      let offsets = parts.indices.map { parts[..<$0].joined().count }
      #expect(
        report.findings.map(\.offset) == [
          offsets[2], offsets[4], offsets[6], offsets[7], offsets[8],
        ])
      #expect(report.findings.map(\.rule) == [.checksum, .framing, .decoding, .order, .content])
      #expect(report.unfinished?.offset == parts.joined().count)
      #expect(report.recordCount == 6 && report.valueCount == 4 && report.tagCount == 1)
      #expect(!report.isSound)

      let output = folder + "/repaired.tfevents"
      let repair = try EventFileRepair(path, to: output)
      let kept = [0, 1, 3, 5, 7, 8].map { parts[$0] }.joined()
      #expect(try readBytes(output) == Array(kept))
      #expect(repair.keptRecords == 6 && repair.keptBytes == kept.count)
      #expect(repair.damage.count == 4)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).count == 2,
        "no temporary file stays")
      #expect(try EventFileReport(checking: output).findings.map(\.rule) == [.order, .content])
    }
  }

  @Test func repairOfASoundFileIsACopy() throws {
    try withTemporaryFolder { folder in
      let path = goldenEvents + "/torch/events.out.tfevents.1700000000.golden.1.0"
      let repair = try EventFileRepair(path, to: folder + "/copy")
      #expect(repair.damage.isEmpty)
      #expect(try readBytes(folder + "/copy") == (try readBytes(path)))
      #expect(throws: EventFileError.self) { try EventFileRepair(path, to: "/nowhere/x") }
      #expect(throws: EventFileError.self) {
        try EventFileRepair(folder + "/none", to: folder + "/y")
      }
    }
  }

  /// Values that TensorBoard's server drops or fails on.
  @Test func timesThatAreNoTimes() throws {
    try withTemporaryFolder { folder in
      let times = [1, .infinity, -.infinity, Double.nan]
      let events = times.map { frame([0x09] + littleEndian($0.bitPattern)) }
      let head = frame(field(3, Array("brain.Event:2".utf8)))
      try write(head + Array(events.joined()), to: folder + "/tfevents")
      let report = try EventFileReport(checking: folder + "/tfevents")
      #expect(
        report.findings.map(\.message) == [
          "the time is infinite: TensorBoard's server drops the event",
          "the time is infinite: TensorBoard's server drops the event",
          "the time is NaN: TensorBoard's server reads no further",
        ])
    }
  }

  @Test func whatIsNoEventFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/text"
      let bytes = Array(String(repeating: "a text, and no event file\n", count: 1000).utf8)
      try write(bytes, to: path)
      let error = EventFileError.noEventFile(path: path, length: 26000)
      #expect(
        error.description
          == "\(path): not an event file: none of its 26000 bytes belongs to a whole record")
      #expect(throws: error) { try EventFileReport(checking: path) }
      #expect(throws: error) { try EventFileRepair(path, to: folder + "/repaired") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["text"])
      // A record whose data is damaged is still a record.
      var record = frame(field(3, Array("brain.Event:2".utf8)))
      record[14] ^= 1
      try write(record, to: path)
      #expect(try EventFileReport(checking: path).findings.map(\.rule) == [.checksum])
    }
  }

  /// A restart before all existing steps.
  @Test func restartAtTheLeastStep() throws {
    try withTemporaryFolder { folder in
      let scalar = frame(field(5, field(1, field(1, [0x78]) + [0x15, 0, 0, 0x80, 0x3F])))
      let least = [0x10] + [UInt8](repeating: 0x80, count: 9) + [1]
      let restart = frame(least + field(7, [0x08, 1]))
      let head = frame(field(3, Array("brain.Event:2".utf8)))
      try write(head + scalar + restart + scalar, to: folder + "/tfevents")
      let report = try EventFileReport(checking: folder + "/tfevents")
      #expect(report.isSound && report.valueCount == 2)
    }
  }

  @Test func emptyFile() throws {
    try withTemporaryFolder { folder in
      try write([], to: folder + "/tfevents")
      let report = try EventFileReport(checking: folder + "/tfevents")
      #expect(report.isSound && report.recordCount == 0 && report.length == 0)
    }
  }
}

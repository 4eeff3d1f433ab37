import Foundation
import LevinTensorBoard
import Testing

@testable import LevinCLI

/// `levin events export` leaves nothing out.
@Suite struct RunsExportTests {
  /// The rows of the golden run of PyTorch's writer, tag by tag.
  private func rows(_ path: String) throws -> [String: [String]] {
    let (text, problems) = try RunsFixture(root: "").export(RunsFixture.golden + path, .json)
    #expect(problems.isEmpty)
    let rows = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
    return Dictionary(grouping: rows) { $0["tag"] as? String ?? "" }
      .mapValues { $0.compactMap { $0["kind"] as? String } }
  }

  @Test func everyTagHasRows() throws {
    for folder in ["torch", "tensorboardX", "tensorflow", "lightning/version_0"] {
      let path = "/events/" + folder
      let rows = try rows(path)
      let run = try Run(directory: RunsFixture.golden + path)
      for tag in run.tags where tag.kind != .hyperparameters {
        #expect(rows[tag.name]?.isEmpty == false, "\(folder): \(tag.name)")
      }
      if folder == "torch" {
        #expect(rows["__run_graph__"] == ["graph"])
        #expect(rows["custom_scalars__config__"] == ["layout"])
      }
    }
  }

  /// Digits that read back, in Python or jq, as the value that was written.
  @Test func numbersReadBack() throws {
    var text = ""
    var writer = ExportWriter(.csv) { text += String(decoding: $0, as: UTF8.self) }
    let column = ExportWriter.Column(run: "a,b", kind: "tensor", tag: "\"t\"")
    var curve = ScalarSeries()
    let values = [
      Double(Float(0.1)), 0x1p53, 0x1p60, .nan, -.infinity, Double.leastNonzeroMagnitude, -0.0,
    ]
    for value in values {
      curve.steps.append(.min)
      curve.wallTimes.append(1_700_000_000.25)
      curve.values.append(value)
    }
    try writer.curve(column, curve)
    try writer.row(
      column, Run.Point(step: 1, wallTime: 0), .array([.integer(1 << 53 + 1), .unsigned(.max)]))
    try writer.finish()
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[0] == "run,kind,tag,step,wall_time,value")
    #expect(lines[1].hasPrefix(#""a,b",tensor,"""t""",-9223372036854775808,1700000000.25,"#))
    let read = lines[1...values.count].map { Double($0.split(separator: ",").last ?? "") }
    for (value, read) in zip(values, read) {
      #expect(read?.bitPattern == value.bitPattern || read?.isNaN == true && value.isNaN)
    }
    #expect(lines.last == #""a,b",tensor,"""t""",1,0,"[9007199254740993, 18446744073709551615]""#)
  }

  /// Times are written as Swift prints a `Double`, by either code path; integers beyond 2⁵³ in full.
  @Test func timesAndLongIntegers() throws {
    var generator = SplitMix(state: 12)
    var curve = ScalarSeries()
    for index in 0..<20_000 {
      let time = Double.random(in: 0.5..<5e9, using: &generator)
      let unit = [1, 10, 1e2, 1e3, 1e6, 1e7][index % 6]
      curve.wallTimes.append((time * unit).rounded() / unit)
      curve.steps.append(index)
      curve.values.append(0x1p53)
    }
    curve.exactIntegers = [1: 1 << 53 + 1, 2: Int128(UInt64.max)]
    for format in [ExportWriter.Format.csv, .json] {
      var text = ""
      var writer = ExportWriter(format) { text += String(decoding: $0, as: UTF8.self) }
      try writer.curve(.init(run: "r", kind: "scalar", tag: "t"), curve)
      try writer.finish()
      let rows =
        format == .csv
        ? text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map(String.init) }
        : text.split(separator: "\n").dropFirst().dropLast().map { line in
          line.split { ", {}".contains($0) }.map(String.init).enumerated()
            .filter { $0.offset % 2 == 1 }.map(\.element)
        }
      #expect(rows.count == curve.count)
      for (row, time) in zip(rows, curve.wallTimes) {
        let expected = "\(time)"
        #expect(row[4] == (expected.hasSuffix(".0") ? String(expected.dropLast(2)) : expected))
      }
      #expect(rows[1].last == "9007199254740993" && rows[2].last == "18446744073709551615")
      #expect(rows[3].last.flatMap(Double.init) == 0x1p53)
    }
  }

  @Test func oneFileAndWhatIsNone() throws {
    try RunsFixture.with { fixture in
      let name = "events.out.tfevents.1700000000.golden.1.0"
      let (text, problems) = try fixture.export(fixture.root + "/version_0/" + name, .csv)
      #expect(problems.isEmpty && text.contains("\n" + name + ",scalar,train/loss,"))
      try fixture.write(String(repeating: "no event file\n", count: 9), to: "text")
      #expect(throws: EventFileError.noEventFile(path: fixture.root + "/text", length: 126)) {
        try fixture.export(fixture.root + "/text", .csv)
      }
    }
  }

  /// Damage is reported; everything else is exported.
  @Test func damagedRun() throws {
    try RunsFixture.with { fixture in
      let file = fixture.root + "/version_0/events.out.tfevents.1700000000.golden.1.0"
      var bytes = Array(try Data(contentsOf: URL(filePath: file)))
      bytes[700] ^= 1
      try Data(bytes).write(to: URL(filePath: file))
      let (text, problems) = try fixture.export(fixture.root + "/version_0", .csv)
      #expect(problems.count == 1 && problems[0].hasPrefix(file + ": byte "))
      #expect(text.contains("\nversion_0,scalar,train/loss,"))
    }
  }

  @Test func manySettings() throws {
    var settings = FlatSettings()
    for number in 0..<100_000 { settings.set("key_\(number)", "\(number)") }
    settings.set("key_7", "seven")
    #expect(settings.entries.count == 100_000 && settings["key_7"] == "seven")
    #expect(FlatSettings.names([settings, settings]).count == 100_000)
  }
}

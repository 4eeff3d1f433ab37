import Foundation
import LevinFormats
import Testing

@testable import LevinCLI

/// Runs for the tests: Lightning's golden ones, and two in Levin's format made from them.
struct RunsFixture {
  let root: String

  static let golden = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden").path

  /// Creates a folder with `version_0` and `version_1` by Levin, and `version_10` by Lightning.
  static func with<Result>(_ body: (RunsFixture) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "levin-runs-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let fixture = RunsFixture(root: folder)
    try fixture.copy("version_1", to: "version_10")
    try TensorFile.write(
      [
        .init("layer.bias", .float32, shape: [1], bytes: bytes(1)),
        .init("layer.weight", .float32, shape: [3], bytes: [Float(1.5), 2, 2].flatMap(bytes)),
      ], to: folder + "/version_10/checkpoints/epoch=2-step=24.ckpt")
    for (number, weight) in [(0, Float(1)), (1, 1.5)] {
      let run = "version_\(number)"
      try fixture.copy(run, to: run)
      try FileManager.default.removeItem(
        atPath: folder + "/\(run)/checkpoints/epoch=2-step=24.ckpt")
      try fixture.write(record(number), to: run + "/run.json")
      var file = SafetensorsFile()
      let floats: [Float] = [weight, 2, 2]
      file.entries = [
        ("layer.bias", .init(dtype: "F32", shape: [1], bytes: [0, 0, 128, 63])),
        ("layer.weight", .init(dtype: "F32", shape: [3], bytes: floats.flatMap(bytes))),
        (
          "levin.step",
          .init(dtype: "I64", shape: [1], bytes: [UInt8(number), 0, 0, 0, 0, 0, 0, 0])
        ),
      ]
      try Data(file.encoded()).write(
        to: URL(filePath: folder + "/\(run)/checkpoints/epoch=2-step=24.safetensors"))
    }
    return try body(fixture)
  }

  private static func bytes(_ value: Float) -> [UInt8] {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
  }

  /// The content of run.json, with a field that today's Levin does not know.
  private static func record(_ number: Int) -> String {
    """
    {"status": "\(number == 0 ? "finished" : "running")", "start": "2026-11-24T12:33:1\(number).500Z",
     "end": \(number == 0 ? "\"2026-11-24T12:34:15.250Z\"" : "null"), "command": ["/opt/levin", "fit"],
     "versions": {"levin": "0.\(number).0"}, "commit": "abc\(number)", "data_hashes": {"mnist": "f00"},
     "instruction_set": "avx2", "thread_count": \(number + 1), "seed": 7, "host": "h\(number)", "pid": 12,
     "epochs": 3, "steps": 24, "future": true}
    """
  }

  func copy(_ name: String, to run: String) throws {
    try FileManager.default.copyItem(
      atPath: Self.golden + "/events/lightning/" + name, toPath: root + "/" + run)
  }

  func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: root + "/" + path))
  }

  func overview(_ run: String) throws -> RunOverview {
    try RunOverview(name: run, folder: root + "/" + run)
  }

  /// The output of `levin events export`.
  func export(
    _ path: String, _ format: ExportWriter.Format
  ) throws -> (text: String, problems: [String]) {
    var bytes: [UInt8] = []
    let problems = try EventsExportCommand.export(path, format) { bytes += $0 }
    return (String(decoding: bytes, as: UTF8.self), problems)
  }

  /// Compares lines with `Tests/Golden/runs/NAME.txt`; LEVIN_UPDATE_GOLDEN=1 rewrites the file.
  func expect(_ lines: [String], _ name: String) throws {
    let text = lines.joined(separator: "\n").replacing(root, with: "ROOT") + "\n"
    let path = Self.golden + "/runs/" + name + ".txt"
    if ProcessInfo.processInfo.environment["LEVIN_UPDATE_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: URL(filePath: path))
    }
    let expected = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    #expect(text == expected, "\(name)")
  }

  /// The pages for which texts are compared.
  static let pages: [(name: String, page: Page)] = [
    ("pipe", .plain),
    ("60", Page(width: 60, hasColor: false, timeZone: .gmt)),
    ("60-color", Page(width: 60, hasColor: true, timeZone: .gmt)),
    ("120", Page(width: 120, hasColor: false, timeZone: .gmt)),
    ("120-color", Page(width: 120, hasColor: true, timeZone: .gmt)),
  ]
}

/// Random numbers that are the same in each test run (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

import Foundation
import Testing

@Suite struct ProtoTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let hasCompiler = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: $0 + "/protoc-c") }

  /// The committed C code is what protoc-c generates from `Proto/`.
  @Test(.enabled(if: hasCompiler, "protoc-c is not installed"))
  func regeneratingTheProtosChangesNothing() throws {
    let process = Process()
    process.executableURL = Self.root.appending(path: "scripts/generate-protos")
    process.arguments = ["--check"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
  }

  /// protobuf-c is imported in one file of each module, and its messages only where files are encoded; users of Levin see
  /// neither.
  @Test func protobufCStaysBehindItsFence() throws {
    let sources = Self.root.appending(path: "Sources").path
    var found: [String: Set<String>] = [:]
    for case let name as String in try #require(FileManager.default.enumerator(atPath: sources))
    where name.hasSuffix(".swift") {
      let text = try String(contentsOfFile: sources + "/" + name, encoding: .utf8)
      for line in text.split(separator: "\n") where line.contains("import C") {
        found[String(line), default: []].insert(name)
      }
    }
    let encoding = "LevinTensorBoard/Writing/Encoding/"
    let onnx = "LevinONNX/Model/ModelEncoder.swift"
    #expect(
      found.filter { $0.key.contains("CProtobufC") }
        == ["internal import CProtobufC": [encoding + "Arena.swift", onnx]])
    #expect(found["internal import COnnxProtos"] == [onnx])
    #expect(found.keys.filter { $0.contains("COnnxProtos") }.count == 1)
    let protos = found.filter { $0.key.contains("CTensorBoardProtos") }
    #expect(Array(protos.keys) == ["internal import CTensorBoardProtos"])
    #expect(protos.values.allSatisfy { $0.allSatisfy { $0.hasPrefix(encoding) } })
  }
}

import Foundation
import Testing

@Suite struct ProtoTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let hasCompiler = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: $0 + "/protoc-c") }

  /// The committed C code is what protoc-c makes of `Proto/`.
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
}

internal import Foundation

/// A Python with PyTorch and torchvision, which the environment variable `LEVIN_TORCH` names.
///
/// `scripts/test --long` sets it; tests that need it are skipped otherwise.
public enum PythonTorch {
  private static let python = ProcessInfo.processInfo.environment["LEVIN_TORCH"]

  /// Whether there is one.
  public static var isThere: Bool { python != nil }

  private struct Failure: Error {
    let status: Int32
  }

  /// Runs a script of scripts/golden, and returns what it prints.
  public static func run<Output: Decodable>(
    script: String = "torch_models.py", _ arguments: String..., as type: Output.Type = Output.self
  ) throws -> Output {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: python ?? "")
    process.arguments =
      [root.appendingPathComponent("scripts/golden/\(script)").path] + arguments
    process.standardOutput = output
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
    return try JSONDecoder().decode(type, from: printed)
  }

  /// Runs `body` with the path of a file that is removed afterwards.
  public static func withFile(_ body: (_ path: String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("levin-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file.path)
  }
}

internal import Foundation

/// Where the commands write.
enum Output {
  static func printError(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}

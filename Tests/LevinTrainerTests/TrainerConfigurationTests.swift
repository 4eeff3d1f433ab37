import Foundation
import LevinConfiguration
import Testing

@testable import LevinTrainer

@Suite struct TrainerConfigurationTests {
  /// `--help` says of each option of the trainer what its doc comment says, in the words of the command line.
  @Test func helpIsTheDocComments() throws {
    let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
      .appending(path: "Sources/LevinTrainer/Configuration/TrainerConfiguration.swift")
    var comments: [String: String] = [:]
    var comment = ""
    for line in try String(contentsOf: source, encoding: .utf8).split(separator: "\n") {
      let line = line.drop { $0 == " " }
      if line.hasPrefix("///") {
        comment += line.dropFirst(3)
      } else {
        if let name = line.firstMatch(of: /^public var (\w+)/)?.1 {
          comments[KeyName.snakeCase(String(name))] = String(comment.dropFirst())
            .replacing(/``(\w+)``/) { KeyName.snakeCase(String($0.1)) }
            .replacing(/\bnil\b/, with: "null")
        }
        comment = ""
      }
    }
    let names = ConfigValue(encoding: TrainerConfiguration()).members.map(\.key)
    #expect(names.count > 20)
    #expect(Set(names) == Set(TrainerConfiguration.help.keys))
    for name in names { #expect(TrainerConfiguration.help[name] == comments[name], "\(name)") }
  }
}

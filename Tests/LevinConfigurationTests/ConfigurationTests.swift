import Foundation
import Testing

@testable import LevinConfiguration

enum Color: String, Codable, Sendable, CaseIterable { case red, green }

struct Example: HyperparameterSet, Equatable {
  struct Inner: Codable, Equatable {
    var depth = 3
    var dropRate: Float = 0.5
  }
  var learningRate = 1e-3
  var maxEpochs: Int?
  var logEveryNSteps = 50
  var color = Color.red
  var names = ["a"]
  var inner = Inner()
  var note: String?
  init() {}
}

@Suite struct ConfigurationTests {
  @Test func yamlOfDefaults() throws {
    #expect(
      try ConfigValue(encoding: Example()).yaml() == """
        learning_rate: 0.001
        max_epochs: null
        log_every_n_steps: 50
        color: red
        names:
        - a
        inner:
          depth: 3
          drop_rate: 0.5
        note: null

        """)
  }

  @Test func emptyTree() throws { #expect(try ConfigValue.object([]).yaml() == "{}\n") }

  private func checked(_ yaml: String) throws -> (ConfigValue?, [String]) {
    let node = try #require(try YAMLNode.parse(yaml, file: "a.yaml"))
    var errors: [ConfigError] = []
    let value = ConfigSchema(of: Example.self)
      .checked(node, at: "model", in: "a.yaml", errors: &errors)
    return (value, errors.map(\.description))
  }

  @Test func overlayAndDecode() throws {
    let (changes, errors) = try checked(
      "max_epochs: 3\nlearningRate: 1\ninner: {depth: 9}\ncolor: green\nnote: '12'\n")
    #expect(errors.isEmpty)
    var expected = Example()
    expected.maxEpochs = 3
    expected.learningRate = 1
    expected.inner.depth = 9
    expected.color = .green
    expected.note = "12"
    let tree = ConfigSchema(of: Example.self).defaults.merging(try #require(changes))
    #expect(try Example(decoding: tree) == expected)
  }

  /// If null is not a valid value it means the default, even if an earlier file set the value.
  @Test func nullIsTheDefault() throws {
    let (changes, errors) = try checked("log_every_n_steps: null\nmax_epochs: ~\nnames:\ninner:\n")
    #expect(errors.isEmpty)
    #expect(
      changes
        == .object([
          .init("log_every_n_steps", .integer(50)), .init("max_epochs", .null),
          .init("names", .array([.string("a")])), .init("inner", .object([])),
        ]))
  }

  @Test(arguments: [
    ("max_epoch: 3", "a.yaml:1:1: unknown key model.max_epoch; did you mean model.max_epochs?"),
    ("max_epochs: many", "a.yaml:1:13: model.max_epochs: found 'many'; expected int or null"),
    (
      "log_every_n_steps: 1.5",
      "a.yaml:1:20: model.log_every_n_steps: found float 1.5; expected int"
    ),
    ("color: blue", "a.yaml:1:8: model.color: found 'blue'; expected {red,green}"),
    (
      "inner: 4",
      "a.yaml:1:8: model.inner: found int 4; expected a group with keys such as depth, drop_rate"
    ),
    ("zzzzzzzzz: 4", "a.yaml:1:1: unknown key model.zzzzzzzzz"),
    ("'': 4", "a.yaml:1:1: unknown key model.''"),
    ("? [a]\n: 4", "a.yaml:1:3: found a list as a key; expected a name"),
    (
      "- a",
      "a.yaml:1:1: model: found a list; expected a group with keys such as learning_rate, max_epochs, "
        + "log_every_n_steps"
    ),
  ])
  func mistakes(yaml: String, message: String) throws { #expect(try checked(yaml).1 == [message]) }

  @Test func allMistakesAtOnce() throws {
    let (changes, errors) = try checked(
      "learning_rate: fast\nnote: b\ninner:\n  depht: 3\ncolor: 1\n")
    #expect(
      errors == [
        "a.yaml:1:16: model.learning_rate: found 'fast'; expected float",
        "a.yaml:4:3: unknown key model.inner.depht; did you mean model.inner.depth?",
        "a.yaml:5:8: model.color: found int 1; expected {red,green}",
      ])
    #expect(changes?["note"] == .string("b"))
    let many = (0..<5000).map { "unknown\($0): 1\n" }.joined()
    #expect(try checked(many).1.count == 100)
  }

  /// A key of a megabyte is not similar to anything, and is not compared letter by letter.
  @Test func longNames() {
    let name = String(repeating: "max_epochs", count: 100_000)
    #expect(KeyName.nearest(to: name, in: Array(repeating: "max_epochs", count: 1000)) == nil)
    #expect(KeyName.nearest(to: "max_epoch", in: ["min_epochs", "max_epochs"]) == "max_epochs")
    #expect(KeyName.nearest(to: "lr", in: ["learning_rate", "l"]) == "learning_rate")
  }

  @Test func floatsHaveTheirOwnDigits() throws {
    #expect(Double(Float(0.2)) != 0.2)
    struct Values: HyperparameterSet {
      var rate: Float = 0.2
    }
    #expect(try ConfigValue(encoding: Values()).yaml() == "rate: 0.2\n")
    #expect(try Values(decoding: ConfigValue(encoding: Values())).rate == 0.2)
  }

  @Test func textsThatLookElseAreQuoted() throws {
    let tree = ConfigValue.object([
      .init("a", .string("true")), .init("b", .string("1")), .init("c", .float(1e-5)),
    ])
    let text = try tree.yaml()
    #expect(text == "a: 'true'\nb: '1'\nc: 1.0e-05\n")
    #expect(try ConfigValue(yaml: text, file: "x") == tree)
  }
}

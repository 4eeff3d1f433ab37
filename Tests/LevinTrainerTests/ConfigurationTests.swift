import LevinTrainer
import Testing

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

  @Test func overlayAndDecode() throws {
    let yaml = "max_epochs: 3\nlearningRate: 1\ninner: {depth: 9}\ncolor: green\nnote: '12'\n"
    let schema = ConfigSchema(of: Example.self)
    let tree = try schema.checked(
      try ConfigValue(yaml: yaml, file: "a.yaml"), at: "model", from: "a.yaml")
    var expected = Example()
    expected.maxEpochs = 3
    expected.learningRate = 1
    expected.inner.depth = 9
    expected.color = .green
    expected.note = "12"
    #expect(try Example(decoding: tree) == expected)
  }

  @Test(arguments: [
    ("max_epoch: 3", "a.yaml: unknown key model.max_epoch; did you mean model.max_epochs?"),
    ("max_epochs: many", "a.yaml: model.max_epochs: found 'many'; expected int or null"),
    ("log_every_n_steps: 1.5", "a.yaml: model.log_every_n_steps: found float 1.5; expected int"),
    ("color: blue", "a.yaml: model.color: found 'blue'; expected {red,green}"),
    (
      "inner: 4",
      "a.yaml: model.inner: found int 4; expected a group with the keys depth, drop_rate"
    ),
    ("zzzzzzzzz: 4", "a.yaml: unknown key model.zzzzzzzzz"),
  ])
  func mistakes(yaml: String, message: String) throws {
    let tree = try ConfigValue(yaml: yaml, file: "a.yaml")
    let error = #expect(throws: ConfigError.self) {
      try ConfigSchema(of: Example.self).checked(tree, at: "model", from: "a.yaml")
    }
    #expect(error?.description == message)
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

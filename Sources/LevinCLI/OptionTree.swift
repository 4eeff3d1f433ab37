internal import LevinConfiguration
internal import LevinTrainer

/// The options of a training command: `--trainer.*`, `--model.*`, `--data.*`, and a few without a group.
struct OptionTree: Sendable {
  let command: TrainingCommand
  let trainer: ConfigSchema
  let model: ConfigSchema
  let data: ConfigSchema
  /// Help texts by group and key.
  let help: [String: [String: String]]
  /// The names of the types of the model and the data, by group.
  let types: [String: String]
  /// A description of the program's model and data.
  let about: String

  var schema: ConfigSchema {
    .group([
      .init(
        name: "seed_everything",
        schema: .leaf(.init(type: .integer, defaultValue: .null, isOptional: true))),
      .init(name: "trainer", schema: trainer), .init(name: "model", schema: model),
      .init(name: "data", schema: data),
      .init(
        name: "ckpt_path",
        schema: .leaf(.init(type: .string, defaultValue: .null, isOptional: true))),
    ])
  }

  /// Reads arguments from left to right; later ones win, whether they are files or options.
  ///
  /// Mistakes do not stop the parser: all are collected in ``ParsedOptions/errors``.
  func parse(_ arguments: [String]) -> ParsedOptions {
    var parsed = ParsedOptions(command: command, tree: schema.defaults)
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      // The value of an option: after `=`, or the next argument unless that is an option.
      func value() -> String? {
        if parts.count == 2 { return String(parts[1]) }
        return rest.first?.hasPrefix("--") == false ? rest.popFirst() : nil
      }
      switch name {
      case "-h", "--help": parsed.wantsHelp = true
      case "--version": parsed.wantsVersion = true
      case "--print_config": parsed.wantsConfig = true
      case "--csv" where command == .predict: parsed.predictions = .csv
      case "--json" where command == .predict: parsed.predictions = .json
      case "-c", "--config":
        guard let file = value() else {
          parsed.errors.append("\(name) needs a value: a YAML file")
          continue
        }
        overlay(file: file, on: &parsed)
        parsed.given += ["--config", file]
      case _ where name.hasPrefix("--"): set(name, value(), on: &parsed)
      default:
        parsed.errors.append(
          "unexpected argument '\(argument)'; options look like --trainer.max_epochs 5")
      }
    }
    return parsed
  }

  private func set(_ name: String, _ text: String?, on parsed: inout ParsedOptions) {
    let path = name.dropFirst(2).split(separator: ".").map { KeyName.snakeCase(String($0)) }
    let key = path.joined(separator: ".")
    guard let leaf = leaf(at: path[...], in: schema) else {
      return report(unknown: name, text, on: &parsed)
    }
    guard let text else {
      parsed.errors.append("\(name) needs a value: \(leaf.expected)")
      return
    }
    guard let value = leaf.parse(LightningKey.meaning(of: text, for: key)) else {
      parsed.errors.append("\(name): found '\(text)'; expected \(leaf.expected)")
      return
    }
    parsed.set(path, value)
    parsed.origins[key] = nil
    if !command.uses(key) { parsed.useless.append(name) }
    if path != ["ckpt_path"] { parsed.given += [name, text] }
  }

  private func overlay(file: String, on parsed: inout ParsedOptions) {
    do {
      guard var node = try YAMLNode.read(file: file) else { return }
      // A file for several commands has their names at its top level.
      if let own = node.members.first(where: { $0.key.text == command.rawValue }),
        node.members.allSatisfy({ TrainingCommand(rawValue: $0.key.text) != nil })
      {
        node = own.value
      }
      node = withoutLightningKeys(node, in: file, &parsed)
      var errors: [ConfigError] = []
      if let values = schema.checked(node, at: "", in: file, errors: &errors) {
        parsed.tree = parsed.tree.merging(values)
      }
      parsed.errors += errors.map(\.description)
      parsed.noteOrigins(node, in: file)
    } catch {
      parsed.errors.append("\(error)")
    }
  }

  func leaf(at path: ArraySlice<String>, in schema: ConfigSchema) -> ConfigSchema.Leaf? {
    switch schema {
    case .leaf(let leaf): return path.isEmpty ? leaf : nil
    case .group(let fields):
      guard let first = path.first, let field = fields.first(where: { $0.name == first }) else {
        return nil
      }
      return self.leaf(at: path.dropFirst(), in: field.schema)
    }
  }

  func leaves(of schema: ConfigSchema, under path: String) -> [(
    path: String, leaf: ConfigSchema.Leaf
  )] {
    switch schema {
    case .leaf(let leaf): [(path, leaf)]
    case .group(let fields):
      fields.flatMap { leaves(of: $0.schema, under: path.isEmpty ? $0.name : "\(path).\($0.name)") }
    }
  }
}

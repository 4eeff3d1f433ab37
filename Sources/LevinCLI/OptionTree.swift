internal import Foundation
internal import LevinTrainer

/// The options of a training command: `--trainer.*`, `--model.*`, `--data.*`, and a few without a group.
struct OptionTree {
  let command: TrainingCommand
  let trainer: ConfigSchema
  let model: ConfigSchema
  let data: ConfigSchema
  /// Help by group and key.
  let help: [String: [String: String]]

  private var schema: ConfigSchema {
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

  /// Reads arguments from left to right; a later one wins, files and options alike.
  func parse(_ arguments: [String]) throws -> ParsedOptions {
    var parsed = ParsedOptions(command: command, tree: schema.defaults)
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      func value() throws -> String {
        if parts.count == 2 { return String(parts[1]) }
        guard let next = rest.popFirst() else { throw UsageError("\(name) needs a value") }
        return next
      }
      switch name {
      case "-h", "--help": parsed.wantsHelp = true
      case "--print_config": parsed.wantsConfig = true
      case "--csv" where command == .predict: parsed.predictions = .csv
      case "--json" where command == .predict: parsed.predictions = .json
      case "-c", "--config":
        let file = try value()
        try overlay(file: file, on: &parsed)
        parsed.given += ["--config", file]
      case _ where name.hasPrefix("--"):
        let path = name.dropFirst(2).split(separator: ".").map { KeyName.snakeCase(String($0)) }
        guard let leaf = leaf(at: path[...], in: schema) else { throw unknown(name) }
        let text = try value()
        guard let setting = leaf.parse(text) else {
          throw UsageError(
            "\(name): found '\(text)'; expected \(leaf.type.name)"
              + (leaf.isOptional ? " or null" : ""))
        }
        parsed.set(path, setting)
        if path != ["ckpt_path"] { parsed.given += [name, text] }
      default:
        throw UsageError(
          "unexpected argument '\(argument)'; options look like --trainer.max_epochs 5")
      }
    }
    return parsed
  }

  private func overlay(file: String, on parsed: inout ParsedOptions) throws {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw UsageError("--config: cannot read '\(file)'; expected a YAML file")
    }
    var tree = try ConfigValue(yaml: text, file: file)
    // A file for several commands names them at its top.
    if let own = tree[command.rawValue],
      tree.members.allSatisfy({ TrainingCommand(rawValue: $0.key) != nil })
    {
      tree = own
    }
    _ = try schema.checked(tree, at: "", from: file)
    parsed.tree = parsed.tree.merging(ConfigValue.snakeCased(tree))
    parsed.tree = try schema.checked(parsed.tree, at: "", from: file)
  }

  private func leaf(at path: ArraySlice<String>, in schema: ConfigSchema) -> ConfigSchema.Leaf? {
    switch schema {
    case .leaf(let leaf): return path.isEmpty ? leaf : nil
    case .group(let fields):
      guard let first = path.first, let field = fields.first(where: { $0.name == first }) else {
        return nil
      }
      return self.leaf(at: path.dropFirst(), in: field.schema)
    }
  }

  private func unknown(_ name: String) -> UsageError {
    let known =
      ["--config", "--help", "--print_config"]
      + leaves(of: schema, under: "").map { "--\($0.path)" }
    let nearest = KeyName.nearest(to: name, in: known)
    return UsageError("unknown option \(name)" + (nearest.map { "; did you mean \($0)?" } ?? ""))
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

/// Arguments that make no sense.
struct UsageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension ConfigValue {
  /// The tree with its keys in snake_case.
  fileprivate static func snakeCased(_ value: ConfigValue) -> ConfigValue {
    guard case .object(let members) = value else { return value }
    return .object(members.map { .init(KeyName.snakeCase($0.key), snakeCased($0.value)) })
  }
}

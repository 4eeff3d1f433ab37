internal import LevinConfiguration
internal import LevinTrainer

/// The options of a training command: `--trainer.*`, `--model.*`, `--data.*`, the optimizer and its scheduler, groups of
/// the program's own, and a few without a group.
struct OptionTree: Sendable {
  /// A group of options.
  struct Group: Sendable {
    let name: String
    let schema: ConfigSchema
    /// Help texts by key.
    var help: [String: String] = [:]
    /// The type that has them, if it is fixed.
    var type: String?
    /// What the group is for, in a line.
    var about = ""
  }

  let command: TrainingCommand
  /// The groups, in the order in which help lists them.
  var groups: [Group]
  /// A description of the program's model and data.
  var about = ""
  /// Whether the command's name stands before the options.
  var hasCommands = true
  /// Options whose values are computed from others, each with where from.
  var linked: [String: String] = [:]
  /// A config in YAML that comes before all others.
  var defaults: [String] = []

  var schema: ConfigSchema {
    let text = { ConfigSchema.leaf(.init(type: $0, defaultValue: .null, isOptional: true)) }
    return .group(
      [.init(name: "seed_everything", schema: text(.integer))]
        + groups.map { .init(name: $0.name, schema: $0.schema) }
        + [.init(name: "ckpt_path", schema: text(.string))])
  }

  func group(_ name: String) -> Group? { groups.first { $0.name == name } }

  /// Reads the defaults, variables of the environment, and then arguments from left to right; later ones win, whether
  /// they are files or options.
  ///
  /// Mistakes do not stop the parser: all are collected in ``ParsedOptions/errors``.
  func parse(
    _ arguments: [String], environment: (String) -> String? = { _ in nil }
  ) -> ParsedOptions {
    let schema = schema
    var parsed = ParsedOptions(command: command, tree: schema.defaults)
    parsed.schema = schema
    for text in defaults { overlay(text: text, on: &parsed) }
    read(environment, on: &parsed)
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
      case "-h", "--help": parsed.wantsHelp = parts.count == 2 ? String(parts[1]) : ""
      case "--version": parsed.wantsVersion = true
      case "--plan" where command == .fit: parsed.wantsPlan = true
      case "--print_config":
        parsed.wantsConfig = parts.count == 2 ? String(parts[1]) : ""
        for word in parsed.wantsConfig?.split(separator: ",") ?? []
        where !ConfigPrinter.words.contains(String(word)) {
          parsed.fail(
            "--print_config: found '\(word)'; expected \(ConfigPrinter.words.joined(separator: ", "))"
          )
        }
      case "--csv" where command == .predict: parsed.predictions = .csv
      case "--json" where command == .predict: parsed.predictions = .json
      case "-c", "--config":
        guard let file = value() else {
          parsed.fail("\(name) needs a value: a YAML file")
          continue
        }
        overlay(file: file, on: &parsed)
        parsed.given += ["--config", file]
      case _ where name.hasPrefix("--"): set(name, value(), on: &parsed)
      default:
        parsed.fail("unexpected argument '\(argument)'; options look like --trainer.max_epochs 5")
      }
    }
    return parsed
  }

  private func set(_ name: String, _ text: String?, on parsed: inout ParsedOptions) {
    let adds = name.hasSuffix("+")
    let words = (adds ? name.dropLast() : name[...]).dropFirst(2).split(separator: ".")
    let path = words.map(String.init)
    let key = path.map(KeyName.snakeCase).joined(separator: ".")
    if let source = linked[key] {
      return parsed.fail("\(name): it cannot be set; it is computed from \(source)", key: key)
    }
    guard let place = place(of: path, in: parsed.tree) else {
      return report(unknown: name, text, on: &parsed)
    }
    if adds, !place.isList {
      return parsed.fail("\(name): += adds to a list, and \(key) is none", key: key)
    }
    guard let text else {
      return parsed.fail("\(name) needs a value: \(place.expected)", key: key)
    }
    var findings = ConfigFindings()
    let value = parsed.schema.setting(
      path[...], to: LightningKey.meaning(of: text, for: key),
      option: adds ? String(name.dropLast()) : name, over: parsed.tree, adds: adds, &findings)
    if let value { parsed.tree = parsed.schema.merging(parsed.tree, value) }
    parsed.errors += findings.errors
    parsed.ignored += findings.ignored
    parsed.origins[key] = nil
    parsed.setByOptions.insert(key)
    if !command.uses(key) { parsed.useless.append(adds ? String(name.dropLast()) : name) }
    if path != ["ckpt_path"] { parsed.given += adds ? ["\(name)=\(text)"] : [name, text] }
  }

  /// Variables such as `PL_FIT__TRAINER__MAX_EPOCHS`, and `PL_CONFIG` and `PL_FIT__CONFIG` for files.
  private func read(_ environment: (String) -> String?, on parsed: inout ParsedOptions) {
    let prefix = "PL_\(command.rawValue.uppercased())__"
    for name in ["PL_CONFIG", prefix + "CONFIG"] {
      guard let file = environment(name) else { continue }
      overlay(file: file, on: &parsed)
      parsed.fromEnvironment.append(name)
    }
    func read(_ schema: ConfigSchema, _ path: [String]) {
      let name = prefix + path.joined(separator: "__").uppercased()
      if !path.isEmpty, let text = environment(name) {
        set("--" + path.joined(separator: "."), text, on: &parsed)
        parsed.fromEnvironment.append(name)
      }
      switch schema {
      case .leaf: break
      case .group(let fields): for field in fields { read(field.schema, path + [field.name]) }
      case .instance(let instance):
        let object = path.reduce(parsed.tree) { $0?[$1] }
        guard let entry = object?.classPath.flatMap({ ClassRegistry.find($0, base: instance.base) })
        else { return }
        for field in entry.schema.fields { read(field.schema, path + [field.name]) }
      }
    }
    read(parsed.schema, [])
  }

  private func overlay(file: String, on parsed: inout ParsedOptions) {
    do {
      if let node = try YAMLNode.read(file: file) { overlay(node, in: file, on: &parsed) }
    } catch {
      parsed.errors.append(error as? ConfigError ?? ConfigError("\(error)"))
    }
  }

  private func overlay(text: String, on parsed: inout ParsedOptions) {
    let file = ParsedOptions.programDefaults
    do {
      if let node = try YAMLNode.parse(text, file: file) { overlay(node, in: file, on: &parsed) }
    } catch {
      parsed.errors.append(error as? ConfigError ?? ConfigError("\(error)"))
    }
  }

  private func overlay(_ node: YAMLNode, in file: String, on parsed: inout ParsedOptions) {
    var node = node
    // A file for several commands has their names at its top level.
    if let own = node.members.first(where: { $0.key.text == command.rawValue }),
      node.members.allSatisfy({ TrainingCommand(rawValue: $0.key.text) != nil })
    {
      node = own.value
    }
    node = adapted(node, in: file, &parsed)
    var findings = ConfigFindings()
    if let values = parsed.schema.checked(node, at: "", in: file, over: parsed.tree, &findings) {
      parsed.tree = parsed.schema.merging(parsed.tree, values)
    }
    parsed.errors += findings.errors
    parsed.ignored += findings.ignored
    parsed.noteOrigins(node, in: file)
  }

  // MARK: Looking up

  /// What stands at a dotted name: a part of the tree, or an argument of an object that a class was chosen for.
  func place(of path: [String], in tree: ConfigValue?) -> Place? {
    var schema = schema
    var tree = tree
    for (index, word) in path.enumerated() {
      switch schema {
      case .leaf: return nil
      case .group:
        guard let field = schema.field(word) else { return nil }
        (schema, tree) = (field.schema, tree?[field.name])
      // What is below an object depends on its class.
      case .instance(let instance): return .argument(instance, Array(path[index...]))
      }
    }
    return .part(schema)
  }

  enum Place {
    case part(ConfigSchema)
    case argument(ConfigSchema.Instance, [String])

    var isList: Bool {
      switch self {
      case .part(let schema): schema.isList
      case .argument: true
      }
    }

    var expected: String {
      switch self {
      case .part(.leaf(let leaf)): leaf.expected
      case .part(.instance(let instance)): instance.expected
      case .part(.group): "a YAML file"
      case .argument: "that of the argument"
      }
    }
  }

  /// All values below a schema, by their dotted names; objects are not among them.
  func leaves(of schema: ConfigSchema, under path: String) -> [(
    path: String, leaf: ConfigSchema.Leaf
  )] {
    switch schema {
    case .leaf(let leaf): [(path, leaf)]
    case .group(let fields):
      fields.flatMap { leaves(of: $0.schema, under: path.isEmpty ? $0.name : "\(path).\($0.name)") }
    case .instance: []
    }
  }

  /// All objects below a schema, by their dotted names.
  func instances(of schema: ConfigSchema, under path: String = "") -> [(
    path: String, instance: ConfigSchema.Instance
  )] {
    switch schema {
    case .leaf: []
    case .group(let fields):
      fields.flatMap {
        instances(of: $0.schema, under: path.isEmpty ? $0.name : "\(path).\($0.name)")
      }
    case .instance(let instance): [(path, instance)]
    }
  }
}

internal import LevinConfiguration
internal import LevinTrainer

extension OptionTree {
  /// The text of `--help`.
  ///
  /// - Parameters:
  ///   - topic: Empty: the common options; `all`; a group, such as `trainer`; an option that takes classes, such as
  ///     `trainer.callbacks`; or a class. Throws ``ConfigError`` for any other.
  ///   - columns: The available width.
  func helpText(about topic: String = "", columns: Int) throws -> String {
    let text =
      switch topic {
      case "": overview(columns, isComplete: false)
      case "all": overview(columns, isComplete: true)
      default: try self.text(about: topic, columns)
      }
    return String(text.dropLast())
  }

  private func overview(_ columns: Int, isComplete: Bool) -> String {
    var text = HelpText.wrapped("OVERVIEW: " + command.abstract, columns: columns)
    if !about.isEmpty { text += "\n" + HelpText.wrapped(about, columns: columns) }
    let name = hasCommands ? "\(Program.name) \(command.rawValue)" : Program.name
    text += "\nUSAGE: \(name) [options]\n\nOPTIONS:\n"
    text += entries.map { HelpText.entry($0.name, $0.text, columns: columns) }.joined()
    for group in groups { text += section(group, columns, isComplete: isComplete) }
    if isComplete {
      for (path, instance) in instances(of: schema) where command.uses(path) {
        text += classes(of: instance, at: path, columns)
      }
      return text
    }
    guard command != .prepare else { return text }
    return text + "\n"
      + HelpText.wrapped(
        "These are the common options: --help=all lists all, --help=trainer those of a group, --help=optimizer or "
          + "--help=trainer.callbacks the classes that an option takes, --help=EarlyStopping the options of a class.",
        columns: columns)
  }

  private func section(_ group: Group, _ columns: Int, isComplete: Bool) -> String {
    let entries = entries(of: group).filter {
      isComplete || group.name != "trainer" || Self.common.contains(String($0.key.dropFirst(8)))
    }
    guard !entries.isEmpty else { return "" }
    let type = group.type.map { " (\($0))" } ?? ""
    var text = "\n\(group.name.uppercased().replacing("_", with: " ")) OPTIONS\(type):\n"
    text += entries.map { HelpText.entry($0.name, $0.text, columns: columns) }.joined()
    return text
  }

  /// The trainer's options that help shows without being asked for all.
  private static let common: Set = [
    "max_epochs", "max_steps", "limit_train_batches", "limit_val_batches", "limit_test_batches",
    "limit_predict_batches", "val_check_interval", "log_every_n_steps", "accumulate_grad_batches",
    "gradient_clip_val", "fast_dev_run", "default_root_dir", "logger", "callbacks",
    "enable_progress_bar",
  ]

  // MARK: One topic

  private func text(about topic: String, _ columns: Int) throws -> String {
    if let group = groups.first(where: { $0.name == topic }), case .group = group.schema {
      return String(section(group, columns, isComplete: true).dropFirst())
    }
    let instances = instances(of: schema)
    if let (path, instance) = instances.first(where: { $0.path == topic }) {
      return String(classes(of: instance, at: path, columns).dropFirst())
    }
    for (path, instance) in instances {
      let name = topic.hasPrefix(path + ".") ? String(topic.dropFirst(path.count + 1)) : topic
      if let entry = ClassRegistry.find(name, base: instance.base) {
        return self.text(of: entry, instance, at: path, columns)
      }
    }
    if let entry = groups.flatMap(entries).first(where: { $0.key == topic }) {
      return HelpText.entry(entry.name, entry.text, columns: columns)
    }
    let classes = instances.flatMap { ClassRegistry.all($0.instance.base).map(\.name) }
    let names = ["all"] + groups.map(\.name) + instances.map(\.path) + classes
    throw ConfigError(
      "--help: unknown topic '\(topic)'; "
        + (KeyName.nearest(to: topic, in: names).map { "did you mean --help=\($0)?" }
          ?? "expected all, a group such as trainer, an option, or a class"))
  }

  /// The classes that an option takes.
  private func classes(
    of instance: ConfigSchema.Instance, at path: String, _ columns: Int
  ) -> String {
    var text = "\nCLASSES OF --\(path):\n"
    for entry in ClassRegistry.all(instance.base) {
      text += HelpText.entry(entry.name, entry.about, columns: columns)
    }
    return text
  }

  private func text(
    of entry: ClassEntry, _ instance: ConfigSchema.Instance, at path: String, _ columns: Int
  ) -> String {
    let title = entry.name + (entry.about.isEmpty ? "" : ": \(entry.about)")
    var text = HelpText.wrapped(title, columns: columns)
    if entry.path != entry.name {
      text += HelpText.wrapped("In Python: \(entry.path)", columns: columns)
    }
    let choice = "--\(path)\(instance.isList ? "+=" : " ")\(entry.name)"
    text += "\nUSAGE: \(choice) [options]\n"
    let group = Group(name: path, schema: entry.schema, help: entry.help)
    let entries = entries(of: group, required: entry.required)
    if !entries.isEmpty { text += "\nOPTIONS:\n" }
    return text + entries.map { HelpText.entry($0.name, $0.text, columns: columns) }.joined()
  }

  // MARK: Entries

  private typealias Entry = (key: String, name: String, text: String)

  /// The help of an option without a group.
  static func help(ofOption name: String, _ command: TrainingCommand) -> String {
    switch name {
    case "seed_everything":
      "Seed of all random numbers, as torch.manual_seed; null: a new one each time."
    case "ckpt_path":
      command == .fit
        ? "Resume from a checkpoint: a file, last or best."
        : "The checkpoint: a file, last or best."
    default: ""
    }
  }

  /// The options without a group.
  private var entries: [(name: String, text: String)] {
    var entries = [
      (
        "-c, --config <file>",
        "Read values from a YAML file; later files and options override earlier ones."
      ),
      (
        "--print_config",
        "Print all values as YAML and exit; =skip_default: those that differ from their defaults."
      ),
    ]
    if command == .fit, hasCommands {
      entries.append(("--plan", "Print what the training would do, and exit."))
    }
    for (name, value) in [("seed_everything", "int"), ("ckpt_path", "path")]
    where command.uses(name) {
      entries.append(("--\(name) <\(value)>", Self.help(ofOption: name, command)))
    }
    if command == .predict {
      entries += [
        ("--csv", "Print the predictions as comma-separated values."),
        ("--json", "Print the predictions as JSON, one per line."),
      ]
    }
    return entries + [
      ("--version", "Show the version."),
      (
        "-h, --help",
        "Show help information; =all, =trainer and the like: about more, or one thing."
      ),
    ]
  }

  private func entries(of group: Group) -> [Entry] { entries(of: group, required: []) }

  private func entries(of group: Group, required: Set<String>) -> [Entry] {
    func entry(_ path: String, _ placeholder: String, _ value: ConfigValue, adds: Bool) -> Entry {
      let key = String(path.dropFirst(group.name.count + 1))
      let about = key.isEmpty ? group.about : group.help[key] ?? ""
      let note = required.contains(key) ? "(required)" : "(default: \(value.text))"
      return (
        path, "--\(path)\(adds ? "+" : "") <\(placeholder)>",
        about.isEmpty ? note : about + " " + note
      )
    }
    func entries(_ schema: ConfigSchema, _ path: String) -> [Entry] {
      guard linked[path] == nil else { return [] }
      switch schema {
      case .leaf(let leaf):
        return [entry(path, leaf.placeholder, leaf.defaultValue, adds: false)]
      case .group(let fields):
        return fields.flatMap { entries($0.schema, "\(path).\($0.name)") }
      case .instance(let instance):
        let value = instance.defaultValue
        let shown = value.classPath.map { ConfigValue.string($0) } ?? value
        return [
          entry(
            path,
            (instance.acceptsBool ? "true|false|" : "") + "class"
              + (instance.isOptional ? "|null" : ""), shown, adds: false)
        ]
      }
    }
    return entries(group.schema, group.name).filter { command.uses($0.key) }
  }
}

extension ConfigSchema.Leaf {
  /// The placeholder for the value in help.
  var placeholder: String { type.placeholder + (isOptional ? "|null" : "") }
}

extension ConfigSchema.LeafType {
  fileprivate var placeholder: String {
    switch self {
    case .integer: "int"
    case .float: "float"
    case .number: "int|float"
    case .bool: "true|false"
    case .string: "text"
    case .choice(let words): words.joined(separator: "|")
    case .list(let element): element.placeholder + ",…"
    case .optional(let element): element.placeholder + "|null"
    case .table(let element): "{name: \(element.placeholder),…}"
    case .scalar(let name):
      name.split { $0 == "," || $0 == " " }.filter { $0 != "or" }.joined(separator: "|")
    }
  }
}

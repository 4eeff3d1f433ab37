internal import LevinConfiguration
internal import LevinTrainer

extension OptionTree {
  /// The text of `--help`: the options that the command uses, by group, with values, description and default.
  ///
  /// - Parameter columns: The available width.
  func helpText(columns: Int) -> String {
    var text = HelpText.wrapped("OVERVIEW: " + command.abstract, columns: columns)
    if !about.isEmpty { text += "\n" + HelpText.wrapped(about, columns: columns) }
    text += "\nUSAGE: \(Program.name) \(command.rawValue) [options]\n\nOPTIONS:\n"
    text += entries.map { HelpText.entry($0.name, $0.text, columns: columns) }.joined()
    for (group, schema) in [("trainer", trainer), ("model", model), ("data", data)] {
      let entries = entries(of: schema, group)
      guard !entries.isEmpty else { continue }
      let type = types[group].map { " (\($0))" } ?? ""
      text += "\n\(group.uppercased()) OPTIONS\(type):\n"
      text += entries.map { HelpText.entry($0.name, $0.text, columns: columns) }.joined()
    }
    return String(text.dropLast())
  }

  /// The options without a group.
  private var entries: [(name: String, text: String)] {
    var entries = [
      (
        "-c, --config <file>",
        "Read values from a YAML file; later files and options override earlier ones."
      ),
      ("--print_config", "Print all values as YAML and exit."),
    ]
    if command.uses("seed_everything") {
      entries.append(
        (
          "--seed_everything <int>",
          "Seed of all random numbers, as torch.manual_seed; null: a new one each time."
        ))
    }
    if command.uses("ckpt_path") {
      entries.append(
        (
          "--ckpt_path <path>",
          command == .fit
            ? "Resume from a checkpoint: a file, last or best."
            : "The checkpoint: a file, last or best."
        ))
    }
    if command == .predict {
      entries += [
        ("--csv", "Print the predictions as comma-separated values."),
        ("--json", "Print the predictions as JSON, one per line."),
      ]
    }
    return entries + [("--version", "Show the version."), ("-h, --help", "Show help information.")]
  }

  private func entries(of schema: ConfigSchema, _ group: String) -> [(name: String, text: String)] {
    leaves(of: schema, under: group).filter { command.uses($0.path) }.map { path, leaf in
      let key = String(path.dropFirst(group.count + 1))
      let text = help[group]?[key].map { $0 + " " } ?? ""
      return ("--\(path) <\(leaf.placeholder)>", text + "(default: \(leaf.defaultValue.shown))")
    }
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
    case .scalar(let name):
      name.split { $0 == "," || $0 == " " }.filter { $0 != "or" }.joined(separator: "|")
    }
  }
}

extension ConfigValue {
  /// As written on the command line.
  fileprivate var shown: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    case .string(let value): value.isEmpty ? "''" : value
    case .array(let items): "[" + items.map(\.shown).joined(separator: ", ") + "]"
    case .object: ""
    }
  }
}

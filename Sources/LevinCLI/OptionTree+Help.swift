internal import LevinTrainer

extension OptionTree {
  /// What `--help` prints: each group with names, types, defaults and what is known of them.
  var helpText: String {
    var lines = [
      command.abstract, "", "usage: levin \(command.rawValue) [options]", "", "options:",
      row("-h, --help", "Show this help."),
      row(
        "-c, --config FILE",
        "Take values from a YAML file; files and options count from left to right."),
      row("--print_config", "Print all values as YAML and stop."),
      row(
        "--seed_everything INT",
        "Seed of everything random, as torch.manual_seed (default: none, a new one each time)."),
      row(
        "--ckpt_path PATH",
        command == .fit
          ? "Go on from a checkpoint: a file, last or best."
          : "The checkpoint: a file, last or best."),
    ]
    if command == .predict {
      lines += [
        row("--csv", "Print the predictions as comma-separated values."),
        row("--json", "Print the predictions as JSON, one a line."),
      ]
    }
    for (group, schema) in [("trainer", trainer), ("model", model), ("data", data)] {
      lines += ["", "\(group):"]
      for (path, leaf) in leaves(of: schema, under: group) {
        let key = String(path.dropFirst(group.count + 1))
        let text = help[group]?[key].map { $0 + " " } ?? ""
        let nullable = leaf.isOptional ? " or null" : ""
        lines.append(
          row(
            "--\(path)",
            "\(text)(\(leaf.type.name)\(nullable), default: \(shown(leaf.defaultValue)))"))
      }
    }
    return lines.joined(separator: "\n")
  }

  private func row(_ name: String, _ text: String) -> String {
    let indent = 40
    guard name.count + 4 < indent else {
      return "  \(name)\n" + String(repeating: " ", count: indent) + text
    }
    return "  \(name)" + String(repeating: " ", count: indent - name.count - 2) + text
  }

  private func shown(_ value: ConfigValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    case .string(let value): value.isEmpty ? "''" : value
    case .array(let items): "[" + items.map(shown).joined(separator: ", ") + "]"
    case .object: ""
    }
  }
}

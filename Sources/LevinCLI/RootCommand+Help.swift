internal import ArgumentParser

extension RootCommand {
  /// What `helpMessage(columns:)` gives.
  ///
  /// The parser finds that out by looking into types at run time, a tenth of all that `levin --help` takes.
  static func help(columns: Int) -> String {
    var text = wrapped("OVERVIEW: " + configuration.abstract, columns: columns)
    text += "\n" + wrapped(configuration.discussion, columns: columns)
    text += "\nUSAGE: levin <subcommand>\n\nOPTIONS:\n"
    text += entry("--version", "Show the version.", columns: columns)
    text += entry("-h, --help", "Show help information.", columns: columns)
    for group in configuration.groupedSubcommands {
      text += "\n\(group.name.uppercased()) SUBCOMMANDS:\n"
      for command in group.subcommands {
        let configuration = command.configuration
        text += entry(configuration.commandName ?? "", configuration.abstract, columns: columns)
      }
    }
    return text + "\n  See 'levin help <subcommand>' for detailed help."
  }

  private static func entry(_ name: String, _ abstract: String, columns: Int) -> String {
    wrapped(abstract, after: "  " + name, indent: 26, columns: columns)
  }

  /// `text` behind `label` in lines of at most `columns`, all of them `indent` to the right.
  private static func wrapped(
    _ text: String, after label: String = "", indent: Int = 0, columns: Int
  ) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines = [label + margin.dropFirst(label.count)]
    var isFirstOfLine = true
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if !isFirstOfLine, last.count + 1 + word.count > columns {
        lines.append(margin + word)
      } else {
        lines[lines.count - 1] += (isFirstOfLine ? "" : " ") + word
      }
      isFirstOfLine = false
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

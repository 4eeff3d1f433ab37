internal import LevinConfiguration
internal import LevinTrainer

extension OptionTree {
  /// Reports an unknown option with a suggestion, or ignores it if Lightning has it and it asks for what Levin does
  /// anyway.
  func report(unknown name: String, _ value: String?, on parsed: inout ParsedOptions) {
    let key = KeyName.snakeCase(String(name.dropFirst(2))).replacing("-", with: "_")
    let shown = value.map { "\(name) \($0)" } ?? name
    if let lightning = LightningKey.named(key) {
      if let value, lightning.matches(value) {
        parsed.ignored.append(name)
      } else if !parsed.errors.contains(where: { $0.description.hasSuffix(lightning.advice) }) {
        parsed.fail("\(shown): \(lightning.advice)")
      }
    } else {
      let advice = suggestion(for: key).map { "; \($0)" } ?? ""
      parsed.fail("unknown option \(name)\(advice)")
    }
  }

  private func suggestion(for key: String) -> String? {
    let paths = (leaves(of: schema, under: "").map(\.path) + instances(of: schema).map(\.path))
      .filter { linked[$0] == nil }
    let group = key.contains(".") ? String(key.prefix { $0 != "." }) : ""
    let word = Self.lastWord(key)
    // The right word in the wrong group, an abbreviation such as `lr`, or part of a name.
    let likely = paths.filter {
      let last = Self.lastWord($0)
      return last == word || KeyName.initials(last) == word || last.hasSuffix("_\(word)")
        || last.hasPrefix("\(word)_")
    }
    let near =
      likely.first { $0.hasPrefix(group + ".") } ?? likely.first
      ?? KeyName.nearest(to: key, in: paths + ["config", "help", "version", "print_config"])
      ?? KeyName.nearest(to: word, in: paths.map(Self.lastWord))
      .flatMap { name in paths.first { Self.lastWord($0) == name } }
    if let near { return "did you mean --\(near)?" }
    let others = paths.filter { $0.hasPrefix(group + ".") }
    return (1...6).contains(others.count)
      ? "\(group) has " + others.map { "--\($0)" }.joined(separator: ", ") : nil
  }

  private static func lastWord(_ path: String) -> String {
    String(path.split(separator: ".").last ?? "")
  }
}

internal import LevinConfiguration
internal import LevinTrainer

/// A config as YAML with a comment before each value, for `--print_config`.
///
/// The text is itself a config, from which `--config` reads the same values.
struct ConfigPrinter {
  /// The words that `--print_config=` takes.
  static let words = ["comments", "plain", "skip_default", "skip_null"]

  let tree: OptionTree
  /// Whether there are comments.
  var hasComments = true
  /// Whether values that equal their defaults are left out.
  var skipsDefaults = false
  /// Whether nulls are left out.
  var skipsNull = false
  var columns = 80

  init(_ tree: OptionTree, words: String) {
    let words = Set(words.split(separator: ",").map(String.init))
    self.tree = tree
    hasComments = !words.contains("plain")
    (skipsDefaults, skipsNull) = (words.contains("skip_default"), words.contains("skip_null"))
  }

  /// The text; `parsed` has the values.
  func text(_ parsed: ParsedOptions) throws -> String {
    var lines: [String] = []
    for field in parsed.schema.fields {
      guard let value = parsed.tree[field.name] else { continue }
      let group = tree.group(field.name)
      let about = group?.about ?? OptionTree.help(ofOption: field.name, tree.command)
      lines += try self.lines(
        field.name, field.schema, value, about: about, help: group?.help ?? [:],
        path: field.name, indent: 0)
    }
    return lines.isEmpty ? "{}\n" : lines.joined(separator: "\n") + "\n"
  }

  private func lines(
    _ key: String, _ schema: ConfigSchema, _ value: ConfigValue, about: String,
    help: [String: String], path: String, indent: Int
  ) throws -> [String] {
    guard tree.linked[path] == nil, !(skipsNull && value == .null) else { return [] }
    let margin = String(repeating: " ", count: indent)
    switch schema {
    case .leaf(let leaf):
      if skipsDefaults, value == leaf.defaultValue { return [] }
      return comment(about, leaf.expected, indent) + (try block(key, value, margin))
    case .group(let fields):
      let below = try fields.flatMap { field -> [String] in
        guard let inner = value[field.name] else { return [] }
        return try lines(
          field.name, field.schema, inner, about: help[field.name] ?? "", help: [:],
          path: "\(path).\(field.name)", indent: indent + 2)
      }
      guard !below.isEmpty else { return skipsDefaults ? [] : ["\(margin)\(key): {}"] }
      return comment(about, "", indent) + ["\(margin)\(key):"] + below
    case .instance(let instance):
      if skipsDefaults {
        var errors: [ConfigError] = []
        if value == schema.completed(instance.defaultValue, &errors) { return [] }
      }
      let head = comment(about, instance.expected, indent)
      if case .array(let items) = value, !items.isEmpty {
        return head + ["\(margin)\(key):"]
          + (try items.flatMap { try object($0, instance, margin + "- ", indent + 2, path) })
      }
      guard value.classPath != nil else { return head + (try block(key, value, margin)) }
      return head + ["\(margin)\(key):"]
        + (try object(value, instance, margin + "  ", indent + 2, path))
    }
  }

  private func object(
    _ value: ConfigValue, _ instance: ConfigSchema.Instance, _ first: String, _ indent: Int,
    _ path: String
  ) throws -> [String] {
    guard let name = value.classPath, let entry = ClassRegistry.find(name, base: instance.base)
    else { return try block("class_path", value["class_path"] ?? .null, first) }
    let about = hasComments && !entry.about.isEmpty ? "  # " + entry.about : ""
    let margin = String(repeating: " ", count: indent)
    let below = try entry.schema.fields.flatMap { field -> [String] in
      guard let inner = value.initArgs[field.name] else { return [] }
      return try lines(
        field.name, field.schema, inner, about: entry.help[field.name] ?? "", help: [:],
        path: "\(path).\(field.name)", indent: indent + 2)
    }
    return ["\(first)class_path: \(entry.path)\(about)"]
      + (below.isEmpty ? [] : ["\(margin)init_args:"] + below)
  }

  /// A key and its value, in as many lines as it takes.
  private func block(_ key: String, _ value: ConfigValue, _ margin: String) throws -> [String] {
    let text = try ConfigValue.object([.init(key, value)]).yaml()
    return text.split(separator: "\n", omittingEmptySubsequences: true).enumerated().map {
      ($0 == 0 ? margin : margin.replacing("-", with: " ")) + $1
    }
  }

  private func comment(_ about: String, _ expected: String, _ indent: Int) -> [String] {
    guard hasComments else { return [] }
    let text = [about, expected.isEmpty ? "" : "(\(expected))"].filter { !$0.isEmpty }
      .joined(separator: " ")
    guard !text.isEmpty else { return [] }
    let margin = String(repeating: " ", count: indent) + "# "
    return wrap(text, max(30, columns - margin.count)).map { margin + $0 }
  }
}

internal import Yams

/// Turns Yams' tree into a ``YAMLNode``, within fixed limits.
///
/// Yams expands aliases itself, and compares keys with all their content: a few hundred bytes of nested aliases would
/// take years. So each `*` is replaced by another character before Yams parses the text. Yams then sees words instead
/// of aliases, and this type resolves them and counts the values that they repeat.
struct YAMLComposer {
  /// The greatest depth of nesting.
  static let deepest = 100
  /// The greatest number of values that all aliases together may repeat.
  static let mostCopies = 100_000

  private let file: String
  private let text: String
  /// The replacement for `*`, both where it begins an alias and elsewhere.
  private let star: Unicode.Scalar
  private var anchors: [String: YAMLNode] = [:]
  private var copies = 0

  init(file: String, text: String) {
    self.file = file
    let used = Set(text.unicodeScalars.lazy.filter { (0xE000...0xF8FF).contains($0.value) })
    // A private-use character. If the text contains all 6400 of them, the last one is turned into `*`.
    star =
      (0xE000..<0xF8FF).lazy.compactMap(Unicode.Scalar.init).first { !used.contains($0) }
      ?? "\u{F8FF}"
    self.text = Self.exchanged("*", for: star, in: text)
  }

  mutating func compose() throws -> YAMLNode? {
    do {
      // The types of words do not matter here, except for merge keys.
      let parser = try Parser(
        yaml: text, resolver: .basic.appending(.merge), encoding: .utf8)
      // The tree holds its anchors weakly.
      return try withExtendedLifetime(parser) {
        try parser.singleRoot().map { try node($0, depth: 1) }
      }
    } catch let error as YamlError {
      throw self.error(error)
    }
  }

  private mutating func node(_ node: Node, depth: Int) throws -> YAMLNode {
    let place = Self.place(node.mark)
    guard depth <= Self.deepest else { throw error(place, Self.tooDeep) }
    var result: YAMLNode
    switch node {
    case .scalar(let scalar):
      if scalar.style == .plain, scalar.string.unicodeScalars.first == star {
        let name = restored(String(scalar.string.unicodeScalars.dropFirst()))
        result = try anchored(name, at: place, depth: depth)
      } else {
        let isPlain = scalar.style == .plain && scalar.tag != Tag(.str)
        result = YAMLNode(.scalar(restored(scalar.string), isPlain: isPlain), at: place)
      }
    case .sequence(let items):
      result = YAMLNode(.list(try items.map { try self.node($0, depth: depth + 1) }), at: place)
    case .mapping(let mapping):
      let members = try mapping.map { key, value in
        YAMLNode.Member(
          key: try self.node(key, depth: depth + 1), value: try self.node(value, depth: depth + 1))
      }
      result = YAMLNode(.group(try merged(members)), at: place)
    case .alias: throw error(place, "not valid YAML: an alias out of place")
    }
    if let anchor = node.anchor { anchors[anchor.rawValue] = result }
    return result
  }

  private mutating func anchored(
    _ name: String, at place: YAMLNode.Place, depth: Int
  ) throws -> YAMLNode {
    guard var node = anchors[name] else {
      throw error(
        place, "not valid YAML: found *\(name.shortened), but no anchor of that name before it")
    }
    guard depth + node.height <= Self.deepest else { throw error(place, Self.tooDeep) }
    copies += node.count
    guard copies <= Self.mostCopies else {
      throw error(place, "aliases repeat more than \(Self.mostCopies) values, which is the limit")
    }
    node.place = place
    return node
  }

  /// The members with merge keys applied as PyYAML does: a group's own members win, then those of the first group in
  /// a list.
  private func merged(_ members: [YAMLNode.Member]) throws -> [YAMLNode.Member] {
    func isMerge(_ member: YAMLNode.Member) -> Bool {
      if case .scalar("<<", isPlain: true) = member.key.content { true } else { false }
    }
    guard members.contains(where: isMerge) else { return members }
    var result: [YAMLNode.Member] = []
    var places: [String: Int] = [:]
    func put(_ member: YAMLNode.Member) {
      let key = member.key.text
      if let place = places[key] {
        result[place] = member
      } else {
        places[key] = result.count
        result.append(member)
      }
    }
    for member in members where isMerge(member) {
      for group in try groups(member.value).reversed() { group.members.forEach(put) }
    }
    members.filter { !isMerge($0) }.forEach(put)
    return result
  }

  /// The value of a merge key: a group, or a list of groups.
  private func groups(_ node: YAMLNode) throws -> [YAMLNode] {
    let groups = if case .list(let items) = node.content { items } else { [node] }
    for group in groups {
      guard case .group = group.content else {
        throw error(
          group.place, "<<: found \(ConfigValue(group).kind); expected a group, or a list of groups"
        )
      }
    }
    return groups
  }

  private func restored(_ text: String) -> String { Self.exchanged(star, for: "*", in: text) }

  private static func exchanged(
    _ old: Unicode.Scalar, for new: Unicode.Scalar, in text: String
  ) -> String {
    guard text.unicodeScalars.contains(old) else { return text }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: text.unicodeScalars.lazy.map { $0 == old ? new : $0 })
    return String(result)
  }

  // MARK: Errors

  private static let tooDeep = "nested deeper than \(deepest) levels, which is the limit"

  private static func place(_ mark: Mark?) -> YAMLNode.Place {
    .init(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }

  private func error(_ place: YAMLNode.Place, _ text: String) -> ConfigError {
    ConfigError(text, at: .init(file: file, place: place))
  }

  /// An error of Yams in one line, without the text of the file.
  private func error(_ error: YamlError) -> ConfigError {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      if problem.hasPrefix("Maximum nesting level") {
        return self.error(Self.place(mark), Self.tooDeep)
      }
      let within = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
      return self.error(Self.place(mark), "not valid YAML: " + restored(problem + within))
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.prefix(10).map { "'\(restored($0).shortened)'" }.joined(separator: ", ")
      return self.error(Self.place(context.mark), "found \(names) more than once in one group")
    case .reader(let problem, let offset, _, _):
      let before = text.prefix(offset ?? 0)
      let line = before.split(separator: "\n", omittingEmptySubsequences: false)
      return self.error(
        .init(line: line.count, column: (line.last?.count ?? 0) + 1), "not valid YAML: \(problem)")
    case .memory: return ConfigError("\(file): \(Self.tooDeep)")
    default: return ConfigError("\(file): not valid YAML: \(error)")
    }
  }
}

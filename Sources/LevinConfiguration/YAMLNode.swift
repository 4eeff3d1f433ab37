/// A node of a YAML file with its position; aliases are resolved, and merge keys (`<<`) applied.
public struct YAMLNode: Sendable {
  /// The content.
  public indirect enum Content: Sendable {
    /// One value. A plain one, without quotes, may be a number, a bool or null.
    case scalar(String, isPlain: Bool)
    case list([YAMLNode])
    case group([Member])
  }

  /// A key of a group with its value.
  public struct Member: Sendable {
    /// The key.
    public var key: YAMLNode
    /// The value.
    public var value: YAMLNode
  }

  /// A position in a file.
  public struct Place: Sendable, Hashable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// The column, from 1.
    public var column: Int
    /// `3:7`.
    public var description: String { "\(line):\(column)" }
  }

  /// The content.
  public var content: Content
  /// Where the node begins; for the target of an alias, where the alias is.
  public var place: Place
  /// The number of nodes in it, including itself.
  let count: Int
  /// The depth of lists and groups in it; 0 for a scalar.
  let height: Int

  init(_ content: Content, at place: Place) {
    self.content = content
    self.place = place
    let children =
      switch content {
      case .scalar: [YAMLNode]()
      case .list(let items): items
      case .group(let members): members.flatMap { [$0.key, $0.value] }
      }
    count = children.reduce(1) { $0 + $1.count }
    height = children.map { $0.height + 1 }.max() ?? 0
  }

  /// The members of a group; none for other nodes.
  public var members: [Member] {
    if case .group(let members) = content { members } else { [] }
  }

  /// A scalar as it is written; a list as `[a, b]`, a group as `{a: b}`.
  public var text: String {
    switch content {
    case .scalar(let text, _): text
    case .list(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
    case .group(let members):
      "{" + members.map { $0.key.text + ": " + $0.value.text }.joined(separator: ", ") + "}"
    }
  }
}

internal import Yams

extension ConfigValue {
  /// The tree in YAML's block style.
  ///
  /// An empty tree is `{}` and a line break. With `sortKeys` the keys are in alphabetical order, as in the
  /// hparams.yaml that Lightning writes.
  public func yaml(sortKeys: Bool = false) throws -> String {
    if members.isEmpty, case .object = self { return "{}\n" }
    return try serialize(node: node(sortKeys), width: -1, allowUnicode: true)
  }

  private func node(_ sortKeys: Bool) -> Node {
    switch self {
    case .null: Node("null", Tag(.null))
    case .bool(let value): Node(value ? "true" : "false", Tag(.bool))
    case .integer(let value): Node(String(value), Tag(.int))
    case .float(let value): Node(Self.text(value), Tag(.float))
    case .string(let value): Node.scalar(.init(value, Tag(.str), Self.style(of: value)))
    case .array(let items): Node.sequence(.init(items.map { $0.node(sortKeys) }, .implicit, .block))
    case .object(let members):
      Node.mapping(
        .init(
          (sortKeys ? members.sorted { $0.key < $1.key } : members).map {
            (Node($0.key), $0.value.node(sortKeys))
          }, .implicit, members.isEmpty ? .flow : .block))
    }
  }

  /// A string that would read as another type is quoted.
  private static func style(of text: String) -> Node.Scalar.Style {
    let looksElse = text.isEmpty || Node(text).tag != Tag(.str)
    return looksElse ? .singleQuoted : .any
  }

  /// A float as Python prints it: the shortest digits that read back, `1.0e-05` below 1e-4.
  static func text(_ value: Double) -> String {
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    let text = "\(value)"
    guard let exponent = text.firstIndex(of: "e"), !text[..<exponent].contains(".") else {
      return text
    }
    return text[..<exponent] + ".0" + text[exponent...]
  }

  /// The tree of a YAML text; throws ``ConfigError`` with `file`, line and column if it is not valid.
  public init(yaml: String, file: String) throws {
    self = try YAMLNode.parse(yaml, file: file).map(Self.init) ?? .object([])
  }

  /// The values of a node; plain scalars become null, bool, int, float or else a string, whichever they look like.
  public init(_ node: YAMLNode) {
    self =
      switch node.content {
      case .scalar(let text, isPlain: true): Self(plain: text)
      case .scalar(let text, isPlain: false): .string(text)
      case .list(let items): .array(items.map(Self.init))
      case .group(let members): .object(members.map { .init($0.key.text, Self($0.value)) })
      }
  }

  private init(plain text: String) {
    let node = Node(text, .implicit, .plain)
    if node.null != nil {
      self = .null
    } else if let value = node.bool {
      self = .bool(value)
    } else if let value = node.int {
      self = .integer(value)
    } else if let value = node.float {
      self = .float(value)
    } else {
      self = .string(text)
    }
  }
}

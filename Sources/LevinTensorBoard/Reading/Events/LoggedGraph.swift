/// A model's graph as stored in an event file (`GraphDef`).
public struct LoggedGraph: Sendable, Hashable {
  /// One operation.
  public struct Node: Sendable, Hashable {
    /// The name, a path with `/` between scopes.
    public var name = ""
    /// The operation: `aten::linear`, `IO Node`, ….
    public var operation = ""
    /// The names of the input nodes; `name:k` is the node's output k, `^name` means only that it runs before.
    public var inputs: [String] = []
    /// The device; usually empty.
    public var device = ""

    /// An empty value.
    public init() {}
  }

  /// The nodes in the order of the message.
  public var nodes: [Node] = []

  /// An empty value.
  public init() {}

  /// Decodes a serialised `GraphDef`.
  init(decoding bytes: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(bytes)
    while let key = try reader.key() {
      guard key.field == 1, key.kind == .bytes else {
        try reader.skip(key.kind)
        continue
      }
      var fields = try reader.message()
      var node = Node()
      while let key = try fields.key() {
        switch (key.field, key.kind) {
        case (1, .bytes): node.name = try fields.string()
        case (2, .bytes): node.operation = try fields.string()
        case (3, .bytes): node.inputs.append(try fields.string())
        case (4, .bytes): node.device = try fields.string()
        default: try fields.skip(key.kind)
        }
      }
      nodes.append(node)
    }
  }
}

/// A graph of operations, for the Graphs tab.
///
/// A `/` in a node's name opens a scope that can be collapsed.
public struct GraphSummary: Sendable, Hashable {
  /// The type of a node's output.
  public enum DType: String, Sendable { case float32, float64, int32, int64, uint8, bool }

  /// One operation.
  public struct Node: Sendable, Hashable {
    /// The name, unique in the graph; scopes come first.
    public var name: String
    /// The kind of operation: `linear`, `relu`, `IO Node`.
    public var operation: String
    /// The names of the nodes that it reads from.
    public var inputs: [String]
    /// The shape of the output; nil if it is not known.
    public var outputShape: [Int]?
    /// The type of the output's elements; nil if it is not known.
    public var dtype: DType?
    /// Attributes to show.
    public var attributes: String

    /// Creates a node.
    public init(
      name: String, operation: String, inputs: [String] = [], outputShape: [Int]? = nil,
      dtype: DType? = nil, attributes: String = ""
    ) {
      self.name = name
      self.operation = operation
      self.inputs = inputs
      self.outputShape = outputShape
      self.dtype = dtype
      self.attributes = attributes
    }
  }

  /// All operations, in any order.
  public var nodes: [Node]

  /// Creates a graph of these operations.
  public init(nodes: [Node]) { self.nodes = nodes }
}

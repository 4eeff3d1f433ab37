/// What a pickle describes, as plain data: nothing in it was imported or called.
///
/// Containers are nodes of one array, and refer to each other by index, so that hostile nesting can neither overflow the
/// stack nor leak.
struct PickleTree: Sendable {
  /// A name of Python, such as `collections.OrderedDict`.
  struct Name: Hashable, Sendable, CustomStringConvertible {
    let module, name: String
    init(_ module: String, _ name: String) { (self.module, self.name) = (module, name) }
    var description: String { module.isEmpty ? name : "\(module).\(name)" }
  }
  enum Value: Hashable, Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    case name(Name)
    /// The index of a node.
    case node(Int)
  }
  enum Node: Sendable {
    case tuple([Value])
    case list([Value])
    case dictionary(Dictionary)
    /// The index of a storage.
    case storage(Int)
    case tensor(View)
    case opaque(Opaque)
  }
  /// A dictionary in the order of insertion; the last value of equal keys counts.
  struct Dictionary: Sendable {
    private(set) var pairs: [(key: Value, value: Value)] = []
    private var places: [Value: Int] = [:]
    /// Whether it is an `OrderedDict`, whose attributes may be set.
    var isOrdered = false

    subscript(key: Value) -> Value? {
      get { places[key].map { pairs[$0].value } }
      set {
        guard let newValue else { return }
        if let place = places[key] { return pairs[place].value = newValue }
        places[key] = pairs.count
        pairs.append((key, newValue))
      }
    }
  }
  /// A block of elements that tensors are views of.
  struct Storage: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      case typed(TensorFile.ElementType)
      /// Bytes, whose type the tensor says.
      case untyped
      /// Of a kind that Levin does not read, such as a quantized one.
      case other(String)
    }
    /// The name of its bytes in the file.
    let key: String
    let kind: Kind
    /// The number of elements, or of bytes if it is untyped.
    let count: Int
  }
  /// A tensor: a view of a storage, offset and strides in elements.
  struct View: Hashable, Sendable {
    let storage: Int
    let elementType: TensorFile.ElementType
    let offset: Int
    let shape, strides: [Int]
  }
  /// An object that Python would build by importing and calling a name.
  struct Opaque: Sendable {
    let name: Name
    var arguments: [Value] = []
    var state: Value?
    var items: [(key: Value, value: Value)] = []
    var elements: [Value] = []
    /// Why it is opaque although its name is known, such as "a quantized tensor".
    var reason: String?
  }
  var nodes: [Node] = []
  var storages: [Storage] = []
  var root = Value.none
}

/// The names, types and defaults of a set of hyperparameters, taken from a default instance.
public indirect enum ConfigSchema: Sendable, Hashable {
  /// One value.
  case leaf(Leaf)
  /// Named values, in order of declaration.
  case group([Field])

  /// The type and the default of one value.
  public struct Leaf: Sendable, Hashable {
    /// The type of the value.
    public var type: LeafType
    /// The default value.
    public var defaultValue: ConfigValue
    /// Whether null is allowed.
    public var isOptional: Bool

    /// A value of a type, with its default.
    public init(type: LeafType, defaultValue: ConfigValue, isOptional: Bool) {
      self.type = type
      self.defaultValue = defaultValue
      self.isOptional = isOptional
    }
  }

  /// One named part of a group; the name is in snake_case.
  public struct Field: Sendable, Hashable {
    /// The name in snake_case.
    public var name: String
    /// The values it may hold.
    public var schema: ConfigSchema

    /// A named part.
    public init(name: String, schema: ConfigSchema) {
      self.name = name
      self.schema = schema
    }
  }

  /// The types that a value may have.
  public indirect enum LeafType: Sendable, Hashable {
    case integer
    case float
    /// An int or a float, kept as it is written.
    case number
    case bool
    case string
    /// One of a few words.
    case choice([String])
    case list(LeafType)
    /// An int, a float or a string that a type of its own reads; the text names what it expects.
    case scalar(String)

    /// The name in help and error messages.
    public var name: String {
      switch self {
      case .integer: "int"
      case .float: "float"
      case .number: "int or float"
      case .bool: "bool"
      case .string: "str"
      case .choice(let words): "{" + words.joined(separator: ",") + "}"
      case .list(let element): "list of \(element.name)"
      case .scalar(let name): name
      }
    }
  }

  /// The schema of `type`, with the defaults of the type.
  public init<Set: HyperparameterSet>(of type: Set.Type) {
    self = SchemaEncoder.schema(of: Set())
  }

  /// The schema with the values of `set` as defaults.
  public init(values set: some HyperparameterSet) { self = SchemaEncoder.schema(of: set) }

  /// The defaults as a tree.
  public var defaults: ConfigValue {
    switch self {
    case .leaf(let leaf): leaf.defaultValue
    case .group(let fields): .object(fields.map { .init($0.name, $0.schema.defaults) })
    }
  }
}

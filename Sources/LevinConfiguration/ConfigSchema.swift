internal import Synchronization

/// The names, types and defaults of a set of hyperparameters, taken from a default instance.
public indirect enum ConfigSchema: Sendable, Hashable {
  /// One value.
  case leaf(Leaf)
  /// Named values, in order of declaration.
  case group([Field])
  /// An object, or several, each written as a class and its arguments.
  case instance(Instance)

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
    /// An element of a list that may be null.
    case optional(LeafType)
    /// Values by names of any kind.
    case table(LeafType)
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
      case .optional(let element): "\(element.name) or null"
      case .table(let element): "names with \(element.name)"
      case .scalar(let name): name
      }
    }
  }

  /// The schema of `type`, with the defaults of the type, which are read once.
  public init<Set: HyperparameterSet>(of type: Set.Type) {
    let key = ObjectIdentifier(type)
    if let schema = Self.known.withLock({ $0[key] }) {
      self = schema
    } else {
      let schema = SchemaEncoder.schema(of: Set())
      Self.known.withLock { $0[key] = schema }
      self = schema
    }
  }

  /// The schema of each type that was asked for: a config has many objects of few classes.
  private static let known = Mutex<[ObjectIdentifier: ConfigSchema]>([:])

  /// New classes may change what the defaults of objects are called.
  static func forgetKnown() { known.withLock { $0 = [:] } }

  /// The schema of one value, with the value as the default.
  package init(value: some Encodable) { self = SchemaEncoder.schema(of: value) }

  /// The schema with the values of `set` as defaults.
  public init(values set: some HyperparameterSet) { self = SchemaEncoder.schema(of: set) }

  /// The defaults as a tree.
  public var defaults: ConfigValue {
    switch self {
    case .leaf(let leaf): leaf.defaultValue
    case .group(let fields): .object(fields.map { .init($0.name, $0.schema.defaults) })
    case .instance(let instance): instance.defaultValue
    }
  }

  /// The fields of a group; none for other schemas.
  package var fields: [Field] { if case .group(let fields) = self { fields } else { [] } }

  /// The field of a group with a name, in whatever case it is written: `maxEpochs`, `t_max` for `T_max`.
  package func field(_ name: String) -> Field? {
    fields.first { $0.name == name }
      ?? fields.first { KeyName.snakeCase($0.name) == KeyName.snakeCase(name) }
  }

  /// `tree`, overridden by `changes`: groups are merged, values and objects replaced.
  package func merging(_ tree: ConfigValue, _ changes: ConfigValue) -> ConfigValue {
    guard case .group = self, case .object(let members) = changes else { return changes }
    var result = tree
    for member in members {
      let before = result[member.key]
      result[member.key] =
        before.flatMap { before in field(member.key)?.schema.merging(before, member.value) }
        ?? member.value
    }
    return result
  }
}

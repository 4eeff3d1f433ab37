extension ConfigValue {
  /// The hyperparameters of a set as a tree with keys in snake_case.
  public init(encoding set: some HyperparameterSet) { self = ConfigSchema(values: set).defaults }

  /// A word for the kind of value, for error messages.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool(let value): "bool \(value)"
    case .integer(let value): "int \(value)"
    case .float(let value): "float \(value)"
    case .string(let value): "'\(value.shortened)'"
    case .array: "a list"
    case .object: "a group"
    }
  }

  /// The members of an object; none for other values.
  public var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }

  /// The items of a list; none for other values.
  public var items: [ConfigValue] { if case .array(let items) = self { items } else { [] } }

  /// The value at a key of an object; setting a new key appends it.
  public subscript(key: String) -> ConfigValue? {
    get { members.first { $0.key == key }?.value }
    set {
      var members = members
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(.init(key, value))
      case (nil, nil): break
      }
      self = .object(members)
    }
  }

  /// This tree, overridden by the values of `other`.
  public func merging(_ other: ConfigValue) -> ConfigValue {
    guard case .object(let changes) = other, case .object = self else { return other }
    var result = self
    for change in changes {
      result[change.key] = result[change.key]?.merging(change.value) ?? change.value
    }
    return result
  }
}

extension HyperparameterSet {
  /// A set with the values of a tree that contains every key (see ``ConfigSchema/checked(_:at:)``).
  public init(decoding value: ConfigValue) throws { self = try Self(from: ConfigDecoder(value)) }
}

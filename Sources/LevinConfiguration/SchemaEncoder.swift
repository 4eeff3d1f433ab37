/// An encoder that records each value's type, including that of a nil in `encodeIfPresent` and the cases of
/// enumerations.
final class SchemaEncoder: Encoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  fileprivate var result: ConfigSchema = .group([])

  static func schema(of value: some Encodable) -> ConfigSchema {
    if let instance = instance(type(of: value), value) { return .instance(instance) }
    if let leaf = leaf(value) { return .leaf(leaf) }
    let encoder = SchemaEncoder()
    // Only a hand-written encode(to:) can throw here; what it encoded before that is kept.
    try? value.encode(to: encoder)
    return encoder.result
  }

  /// What a value that holds an object, or a list of them, may hold; nil for other values.
  fileprivate static func instance(_ type: Any.Type, _ value: Any?) -> ConfigSchema.Instance? {
    switch type {
    case let type as any ConfigInstance.Type:
      let value = value as? any ConfigInstance
      return .init(
        base: type.base, isOptional: value == nil, defaultValue: value?.configValue ?? .null)
    case let type as any ListLike.Type:
      guard let base = type.instanceBase else { return nil }
      let items = (value as? [Any])?.compactMap { ($0 as? any ConfigInstance)?.configValue }
      return .init(
        base: base, isList: true, isOptional: items == nil,
        defaultValue: items.map { .array($0) } ?? .null)
    default: return nil
    }
  }

  fileprivate static func leaf(_ value: Any) -> ConfigSchema.Leaf? {
    guard let type = leafType(Swift.type(of: value)), let value = configValue(value) else {
      return nil
    }
    return .init(type: type, defaultValue: value, isOptional: false)
  }

  fileprivate static func leafType(_ type: Any.Type) -> ConfigSchema.LeafType? {
    switch type {
    case let type as any ConfigScalar.Type: .scalar(type.expected)
    case is any FixedWidthInteger.Type: .integer
    case is any BinaryFloatingPoint.Type: .float
    case is Bool.Type: .bool
    case is String.Type: .string
    case let type as any CaseIterable.Type: .choice(words(type))
    case let type as any OptionalLike.Type: type.wrappedType.map { .optional($0) }
    case let type as any ListLike.Type: type.elementType.map { .list($0) }
    case let type as any TableLike.Type: type.valueType.map { .table($0) }
    default: nil
    }
  }

  private static func words<T: CaseIterable>(_ type: T.Type) -> [String] {
    T.allCases.map { ($0 as? any RawRepresentable<String>)?.rawValue ?? "\($0)" }
  }

  private static func configValue(_ value: Any) -> ConfigValue? {
    switch value {
    case let value as any FixedWidthInteger: .integer(Int(clamping: value))
    // The digits of the Float itself: 0.2, not 0.20000000298023224.
    case let value as Float: .float(Double("\(value)") ?? Double(value))
    case let value as any BinaryFloatingPoint: .float(Double(value))
    case let value as Bool: .bool(value)
    case let value as String: .string(value)
    case let value as any RawRepresentable<String>: .string(value.rawValue)
    case let value as any ConfigScalar: value.configValue
    case let value as [Any]: .array(value.compactMap(configValue))
    case let value as [Int: Any]:
      .object(
        value.sorted { $0.key < $1.key }.map { .init("\($0.key)", configValue($0.value) ?? .null) })
    case let value as [String: Any]:
      .object(
        value.sorted { $0.key < $1.key }.map { .init($0.key, configValue($0.value) ?? .null) })
    // One with a value is found above.
    case is any OptionalLike: .null
    default: nil
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Keyed<Key>(encoder: self))
  }
  func unkeyedContainer() -> any UnkeyedEncodingContainer { Unnamed(encoder: self) }
  func singleValueContainer() -> any SingleValueEncodingContainer { Unnamed(encoder: self) }

  private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: SchemaEncoder
    let codingPath: [any CodingKey] = []

    private func add(_ schema: ConfigSchema, _ key: Key) {
      guard case .group(var fields) = encoder.result else { return }
      fields.append(.init(name: KeyName.snakeCase(key.stringValue), schema: schema))
      encoder.result = .group(fields)
    }

    private func addOptional<T>(_ value: T?, _ key: Key) {
      if var instance = SchemaEncoder.instance(T.self, value) {
        instance.isOptional = true
        return add(.instance(instance), key)
      }
      let type = SchemaEncoder.leafType(T.self) ?? .string
      let present = value.flatMap { SchemaEncoder.configValue($0) } ?? .null
      add(.leaf(.init(type: type, defaultValue: present, isOptional: true)), key)
    }

    func encodeNil(forKey key: Key) { addOptional(String?.none, key) }
    func encode<T: Encodable>(_ value: T, forKey key: Key) {
      add(SchemaEncoder.schema(of: value), key)
    }
    func encodeIfPresent(_ value: Bool?, forKey key: Key) { addOptional(value, key) }
    func encodeIfPresent(_ value: String?, forKey key: Key) { addOptional(value, key) }
    func encodeIfPresent(_ value: Double?, forKey key: Key) { addOptional(value, key) }
    func encodeIfPresent(_ value: Float?, forKey key: Key) { addOptional(value, key) }
    func encodeIfPresent(_ value: Int?, forKey key: Key) { addOptional(value, key) }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) { addOptional(value, key) }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) { addOptional(value, key) }
    func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) { addOptional(value, key) }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { SchemaEncoder().container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      Unnamed(encoder: encoder)
    }
    func superEncoder() -> any Encoder { SchemaEncoder() }
    func superEncoder(forKey key: Key) -> any Encoder { SchemaEncoder() }
  }

  /// Values without named fields: a type that encodes itself as one scalar, or a list, which a schema cannot express.
  private struct Unnamed: UnkeyedEncodingContainer, SingleValueEncodingContainer {
    let encoder: SchemaEncoder
    let codingPath: [any CodingKey] = []
    let count = 0
    func encodeNil() {}
    /// A type that encodes itself as one number may be an int or a float; other scalars keep their type.
    func encode<T: Encodable>(_ value: T) {
      guard var leaf = SchemaEncoder.leaf(value) else { return }
      if leaf.type == .integer || leaf.type == .float { leaf.type = .number }
      encoder.result = .leaf(leaf)
    }
    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> { SchemaEncoder().container(keyedBy: type) }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }
    func superEncoder() -> any Encoder { SchemaEncoder() }
  }
}

/// A type of values that are written as a number or a text, and that reads them itself.
public protocol ConfigScalar: Codable {
  /// What it reads, for help and errors, such as `int or auto`.
  static var expected: String { get }
  /// The value as it is written.
  var configValue: ConfigValue { get }
}

/// A type of values that stand for an object: a class and its arguments.
package protocol ConfigInstance: Codable {
  /// The name of what all its classes have in common, as ``ClassEntry/base``.
  static var base: String { get }
  /// The class and the arguments.
  var configValue: ConfigValue { get }
}

/// An array that can be asked for the type of its elements.
private protocol ListLike {
  static var elementType: ConfigSchema.LeafType? { get }
  static var instanceBase: String? { get }
}

/// An optional that can be asked for the type of its value.
private protocol OptionalLike {
  static var wrappedType: ConfigSchema.LeafType? { get }
}

extension Optional: OptionalLike {
  fileprivate static var wrappedType: ConfigSchema.LeafType? {
    SchemaEncoder.leafType(Wrapped.self)
  }
}

/// A dictionary that can be asked for the type of its values.
private protocol TableLike {
  static var valueType: ConfigSchema.LeafType? { get }
}

extension Dictionary: TableLike {
  fileprivate static var valueType: ConfigSchema.LeafType? {
    Key.self is Int.Type || Key.self is String.Type ? SchemaEncoder.leafType(Value.self) : nil
  }
}

extension Array: ListLike {
  fileprivate static var elementType: ConfigSchema.LeafType? {
    SchemaEncoder.leafType(Element.self)
  }
  fileprivate static var instanceBase: String? { (Element.self as? any ConfigInstance.Type)?.base }
}

extension ConfigValue {
  /// The tree that a decoder of this module reads; nil for other decoders.
  package init?(readBy decoder: any Decoder) {
    guard let decoder = decoder as? ConfigDecoder else { return nil }
    self = decoder.value
  }
}

/// Decodes Codable structs from a ``ConfigValue``; keys are looked up in snake_case.
struct ConfigDecoder: Decoder {
  let value: ConfigValue
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]

  init(_ value: ConfigValue, path: [any CodingKey] = []) {
    self.value = value
    codingPath = path
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch([String: Any].self) }
    let values = Dictionary(members.map { ($0.key, $0.value) }) { $1 }
    return KeyedDecodingContainer(Keyed<Key>(values: values, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let items = value.listed else { throw mismatch([Any].self) }
    return Items(items: items, codingPath: codingPath)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }

  fileprivate func mismatch(_ type: Any.Type) -> DecodingError {
    .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "found \(value.kind)"))
  }

  fileprivate func unbox<T: Decodable>(_ type: T.Type) throws -> T {
    switch (type, value) {
    case (is Bool.Type, .bool(let value)): if let value = value as? T { return value }
    case (is String.Type, .string(let value)): if let value = value as? T { return value }
    case (let type as any BinaryFloatingPoint.Type, .float(let number)):
      if let value = type.init(number) as? T { return value }
    case (let type as any BinaryFloatingPoint.Type, .integer(let number)):
      if let value = type.init(number) as? T { return value }
    case (let type as any FixedWidthInteger.Type, .integer(let number)):
      if let value = type.init(exactly: number) as? T { return value }
    default: return try T(from: self)
    }
    throw mismatch(type)
  }

  private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let values: [String: ConfigValue]
    let codingPath: [any CodingKey]

    var allKeys: [Key] { values.keys.compactMap { Key(stringValue: $0) } }
    private func value(_ key: Key) -> ConfigValue? {
      values[key.stringValue] ?? values[KeyName.snakeCase(key.stringValue)]
    }
    private func decoder(_ key: Key) throws -> ConfigDecoder {
      guard let value = value(key) else {
        throw DecodingError.keyNotFound(
          key, .init(codingPath: codingPath, debugDescription: "missing"))
      }
      return ConfigDecoder(value, path: codingPath + [key])
    }

    func contains(_ key: Key) -> Bool { value(key) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { value(key) == .null }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
      try decoder(key).unbox(type)
    }
    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try decoder(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try decoder(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { ConfigDecoder(.null, path: codingPath) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
  }

  private struct Items: UnkeyedDecodingContainer {
    let items: [ConfigValue]
    let codingPath: [any CodingKey]
    var currentIndex = 0
    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex >= items.count }

    private mutating func next() throws -> ConfigDecoder {
      guard !isAtEnd else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: codingPath, debugDescription: "the list has \(items.count) items"))
      }
      defer { currentIndex += 1 }
      return ConfigDecoder(items[currentIndex], path: codingPath)
    }
    mutating func decodeNil() throws -> Bool {
      guard !isAtEnd, items[currentIndex] == .null else { return false }
      currentIndex += 1
      return true
    }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().unbox(type) }
    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      try next().unkeyedContainer()
    }
    mutating func superDecoder() throws -> any Decoder { try next() }
  }

  private struct Single: SingleValueDecodingContainer {
    let decoder: ConfigDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }
    func decodeNil() -> Bool { decoder.value == .null }
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
      switch type {
      case is String.Type, is Bool.Type, is any BinaryFloatingPoint.Type,
        is any FixedWidthInteger.Type:
        let scalar = decoder.value
        switch scalar {
        case .object, .array, .null: throw decoder.mismatch(type)
        default: return try decoder.unboxScalar(type)
        }
      default: return try decoder.unbox(type)
      }
    }
  }

  fileprivate func unboxScalar<T: Decodable>(_ type: T.Type) throws -> T {
    switch (type, value) {
    case (is String.Type, .string), (is Bool.Type, .bool),
      (is any BinaryFloatingPoint.Type, .float),
      (is any BinaryFloatingPoint.Type, .integer), (is any FixedWidthInteger.Type, .integer):
      try unbox(type)
    default: throw mismatch(type)
    }
  }
}

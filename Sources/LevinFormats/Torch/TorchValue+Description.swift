extension TorchValue: CustomStringConvertible {
  /// The tree as JSON in the order of its keys; tensors as texts of their type and shape, numbers that JSON lacks
  /// as texts.
  public var description: String {
    switch self {
    case .none: "null"
    case .bool(let flag): "\(flag)"
    case .int(let number): "\(number)"
    case .double(let number): number.isFinite ? "\(number)" : "\"\(number)\""
    case .text(let text): SafetensorsFile.quoted(text)
    case .list(let elements), .tuple(let elements):
      "[\(elements.map(\.description).joined(separator: ","))]"
    case .dictionary(let pairs), .orderedDictionary(let pairs):
      "{\(pairs.map { "\(Self.quotedKey($0.key)):\($0.value)" }.joined(separator: ","))}"
    case .tensor(let source): "\"tensor(\(source.elementType.name), \(source.shape))\""
    }
  }

  private static func quotedKey(_ key: TorchValue) -> String {
    if case .text = key { key.description } else { "\"\(key)\"" }
  }
}

extension HyperparameterValue {
  /// The type, as named in errors.
  var typeName: String {
    switch self {
    case .number: "a number"
    case .string: "a string"
    case .bool: "a bool"
    }
  }
}

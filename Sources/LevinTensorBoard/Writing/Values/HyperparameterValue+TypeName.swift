extension HyperparameterValue {
  /// What it is, as an error names it.
  var typeName: String {
    switch self {
    case .number: "a number"
    case .string: "a string"
    case .bool: "a bool"
    }
  }
}

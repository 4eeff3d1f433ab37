internal import LevinConfiguration
internal import LevinTensorBoard

extension ConfigValue {
  /// The leaves of a tree for the HParams tab, flattened as Lightning does: group names come before a `/`, and values
  /// other than numbers, strings and bools become strings.
  var flatHyperparameters: [(name: String, value: HyperparameterValue)] {
    members.flatMap { member -> [(name: String, value: HyperparameterValue)] in
      if case .object = member.value {
        return member.value.flatHyperparameters.map { ("\(member.key)/\($0.name)", $0.value) }
      }
      return [(member.key, member.value.hyperparameter)]
    }
  }

  private var hyperparameter: HyperparameterValue {
    switch self {
    case .bool(let value): .bool(value)
    case .integer(let value): .number(Double(value))
    case .float(let value): .number(value)
    case .string(let value): .string(value)
    case .null: .string("null")
    case .array(let values): .string("[" + values.map(\.word).joined(separator: ", ") + "]")
    case .object(let members):
      .string("{" + members.map { "\($0.key): \($0.value.word)" }.joined(separator: ", ") + "}")
    }
  }

  private var word: String {
    if case .integer(let value) = self { return "\(value)" }
    return switch hyperparameter {
    case .bool(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value
    }
  }
}

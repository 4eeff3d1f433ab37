internal import Foundation

extension ConfigValue {
  /// The tree as JSON with sorted keys.
  package func json() throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed])
    return String(decoding: data, as: UTF8.self)
  }

  private var object: Any {
    switch self {
    case .null: NSNull()
    case .bool(let value): value
    case .integer(let value): value
    case .float(let value): value
    case .string(let value): value
    case .array(let values): values.map(\.object)
    case .object(let members):
      Dictionary(members.map { ($0.key, $0.value.object) }, uniquingKeysWith: { $1 })
    }
  }
}

internal import Foundation
internal import Yams

/// Hyperparameters as `hparams.yaml` has them: keys in `snake_case`, sorted.
enum HyperparameterFile {
  /// The members of a set of hyperparameters by their keys in YAML.
  static func members(of hyperparameters: any Encodable) throws -> [ConfigValue.Member] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let data = try encoder.encode(hyperparameters)
    guard case .object(let members) = try JSONDecoder().decode(Node.self, from: data).value else {
      return []
    }
    return members
  }

  static func yaml(_ value: ConfigValue) throws -> String {
    try Yams.dump(object: object(value), sortKeys: true)
  }

  static func json(_ value: ConfigValue) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: object(value), options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }

  private static func object(_ value: ConfigValue) -> Any {
    switch value {
    case .null: NSNull()
    case .bool(let value): value
    case .integer(let value): value
    case .float(let value): value
    case .string(let value): value
    case .array(let values): values.map(object)
    case .object(let members):
      Dictionary(members.map { ($0.key, object($0.value)) }, uniquingKeysWith: { $1 })
    }
  }

  /// A tree as JSON holds it.
  private struct Node: Decodable {
    let value: ConfigValue

    init(from decoder: any Decoder) throws {
      if let members = try? decoder.singleValueContainer().decode([String: Node].self) {
        value = .object(
          members.sorted { $0.key < $1.key }.map { ConfigValue.Member($0.key, $0.value.value) })
        return
      }
      let single = try decoder.singleValueContainer()
      if single.decodeNil() {
        value = .null
      } else if let flag = try? single.decode(Bool.self) {
        value = .bool(flag)
      } else if let integer = try? single.decode(Int.self) {
        value = .integer(integer)
      } else if let number = try? single.decode(Double.self) {
        value = .float(number)
      } else if let text = try? single.decode(String.self) {
        value = .string(text)
      } else {
        value = .array(try single.decode([Node].self).map(\.value))
      }
    }
  }
}

/// A configuration that does not fit: what, where, found, expected.
public struct ConfigError: Error, CustomStringConvertible {
  /// The whole message.
  public let description: String

  init(where origin: String, key: String, found: String, expected: String) {
    description = "\(origin): \(key): found \(found); expected \(expected)"
  }

  init(unknown key: String, where origin: String, nearest: String?) {
    description = "\(origin): unknown key \(key)" + (nearest.map { "; did you mean \($0)?" } ?? "")
  }

  /// A rule that ties values together was broken.
  public init(_ description: String) { self.description = description }
}

/// An error in a configuration: what, where, found, expected.
public struct ConfigError: Error, CustomStringConvertible {
  /// The whole message.
  public let description: String
  /// The key of the value, such as `data.batch_size`; nil if the error is about no single value.
  public let key: String?

  /// An error with a message; `key` names the value that it concerns.
  public init(_ description: String, key: String? = nil) {
    self.description = description
    self.key = key
  }

  /// The largest number of mistakes reported for one configuration.
  static let most = 100
}

extension String {
  /// The first 60 characters, to quote in an error.
  var shortened: String {
    let head = prefix(60)
    return head.endIndex == endIndex ? self : head + "…"
  }
}

/// A configuration that does not fit: what, where, found, expected.
public struct ConfigError: Error, CustomStringConvertible {
  /// The whole message.
  public let description: String
  /// The value that it is about, as `data.batch_size`; nil where it is about none or several.
  public let key: String?

  /// A rule was broken; `key` names the value that breaks it.
  public init(_ description: String, key: String? = nil) {
    self.description = description
    self.key = key
  }

  /// The mistakes of one configuration that are told at once; a file with more of them is another file.
  static let most = 100
}

extension String {
  /// As an error quotes a file: its first 60 characters.
  var shortened: String {
    let head = prefix(60)
    return head.endIndex == endIndex ? self : head + "…"
  }
}

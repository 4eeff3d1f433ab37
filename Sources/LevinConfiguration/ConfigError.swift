/// An error in a configuration: what, where, found, expected.
public struct ConfigError: Error, CustomStringConvertible {
  /// The whole message.
  public let description: String
  /// The key of the value, such as `data.batch_size`; nil if the error is about no single value.
  public let key: String?

  /// Where the error is in a file; nil if it is in none.
  public let source: Source?

  /// A position in a file.
  public struct Source: Sendable, Hashable {
    /// The path of the file.
    public var file: String
    /// The position.
    public var place: YAMLNode.Place

    /// A position in a file.
    package init(file: String, place: YAMLNode.Place) { (self.file, self.place) = (file, place) }
  }

  /// An error with a message; `key` names the value that it concerns.
  public init(_ description: String, key: String? = nil) {
    (self.description, self.key, source) = (description, key, nil)
  }

  /// An error at a position in a file, which begins the message.
  package init(_ text: String, at source: Source, key: String? = nil) {
    description = "\(source.file):\(source.place): \(text)"
    (self.key, self.source) = (key, source)
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

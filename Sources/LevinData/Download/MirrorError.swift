/// Why a mirror did not give a file.
enum MirrorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not an address of http, https or file.
  case notAnAddress
  /// No connection, or no answer.
  case unreachable(String)
  /// An answer other than the file.
  case status(Int)
  /// A web page where a file should be.
  case page(contentType: String)
  /// A file of another size.
  case wrongSize(found: Int, expected: Int)
  /// A file of the right size with other content.
  case wrongContent(found: String, expected: String)
  /// The connection ended early.
  case brokeOff(received: Int, expected: Int)
  /// Nothing came for so many seconds.
  case stalled(seconds: Double, received: Int, expected: Int)
  /// A file on this machine that cannot be read.
  case unreadable(String)

  var description: String {
    switch self {
    case .notAnAddress: "not an address that starts with http://, https:// or file://"
    case .unreachable(let reason): "cannot be reached (\(reason))"
    case .status(let code): "answers \(code)\(code == 404 ? " (not found)" : "")"
    case .page(let type):
      "sends a page (\(type)) instead of the file; perhaps a network's sign-in page"
    case .wrongSize(let found, let expected): "sends \(found) bytes, expected \(expected)"
    case .wrongContent(let found, let expected):
      "sends wrong bytes: SHA-256 \(found.prefix(12))…, expected \(expected.prefix(12))…"
    case .brokeOff(let received, let expected): "breaks off after \(received) of \(expected) bytes"
    case .stalled(let seconds, let received, let expected):
      "stalls after \(received) of \(expected) bytes (nothing received for \(Self.short(seconds)) s)"
    case .unreadable(let reason): reason
    }
  }

  private static func short(_ number: Double) -> String {
    number == number.rounded() ? "\(Int(number))" : "\(number)"
  }
}

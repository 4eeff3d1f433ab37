/// Why a mirror did not provide a file.
enum MirrorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address is not http, https or file.
  case notAnAddress
  /// There is no connection, or no answer.
  case unreachable(String)
  /// The status of the response is not that of a file.
  case status(Int)
  /// The response is a web page instead of the file.
  case page(contentType: String)
  /// The file has the wrong size.
  case wrongSize(found: Int, expected: Int)
  /// The file has the right size but the wrong content.
  case wrongContent(found: String, expected: String)
  /// The connection ended early.
  case brokeOff(received: Int, expected: Int)
  /// Nothing arrived for this many seconds.
  case stalled(seconds: Double, received: Int, expected: Int)
  /// A file on this machine cannot be read.
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

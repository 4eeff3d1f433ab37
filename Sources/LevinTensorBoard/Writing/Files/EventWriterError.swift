import Foundation

/// An event file that could not be written.
public struct EventWriterError: Error, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What could not be done, with the system's reason.
  public let description: String

  init(doing what: String, path: String, _ code: Int32) {
    self.path = path
    description = "cannot \(what) \(path): \(String(cString: strerror(code)))"
  }
}

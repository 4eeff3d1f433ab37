internal import LevinSystem

/// An event file could not be written.
public struct EventWriterError: Error, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What could not be done, why, and what to do.
  public let description: String

  init(_ error: FileError) {
    path = error.path
    description = error.description
  }

  /// An error for a reason in words.
  init(path: String, _ reason: String) {
    self.path = path
    description = "cannot write '\(path)': \(reason)"
  }
}

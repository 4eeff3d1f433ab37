internal import LevinSystem

/// An error that prevents an event file from being read at all.
///
/// Damage inside a file is not an error: it is reported as ``Damage``, and reading continues after it.
public enum EventFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file or folder could not be opened or read; `code` is `errno`.
  case system(operation: String, path: String, code: Int32)
  /// The path leads to something other than a regular file.
  case notAFile(path: String)
  /// The name is not UTF-8, so no path can reach the file; `path` is repaired for printing.
  case unreachableName(path: String)
  /// The file is now shorter than what was read of it: it was replaced or truncated.
  case shrank(path: String, length: Int, read: Int)
  /// A record that was read before is missing or has changed.
  case recordChanged(path: String, offset: Int)
  /// No byte of the file belongs to a complete record.
  case noEventFile(path: String, length: Int)
  /// A run has no points under a tag, or none of that kind.
  case noSuchTag(String, kind: String, directory: String)
  /// A picture cannot be turned into pixels.
  case undecodableImage(String)

  /// Where the error is and what was found, in one line.
  public var description: String {
    switch self {
    case .system(let operation, let path, let code):
      return "\(path): cannot \(operation): \(FileError.text(ofCode: code))"
    case .notAFile(let path):
      return "\(path): not a regular file, so it cannot be read as an event file"
    case .unreachableName(let path):
      return "\(path): cannot be read, because its name is not UTF-8; rename it"
    case .shrank(let path, let length, let read):
      return "\(path): has \(length) bytes now, but \(read) had been read: it was replaced or cut"
    case .recordChanged(let path, let offset):
      return "\(path): the record at byte \(offset) has changed: the file was replaced"
    case .noEventFile(let path, let length):
      return "\(path): not an event file: none of its \(length) bytes belongs to a whole record"
    case .noSuchTag(let tag, let kind, let directory):
      return "\(directory): no \(kind) under the tag '\(tag)'"
    case .undecodableImage(let reason):
      return "the picture cannot be decoded: \(reason)"
    }
  }
}

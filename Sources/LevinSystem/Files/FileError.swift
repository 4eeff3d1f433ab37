internal import LevinLibC

/// The operating system's refusal to open, read, write or rename a file.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried, to be printed after "cannot".
  public enum Operation: String, Sendable {
    case read, write, list
    case makeFolder = "make the folder"
    case remove
  }
  /// What was tried.
  public let operation: Operation
  /// The file or folder.
  public let path: String
  /// The system's error number (`errno`).
  public let code: Int32
  /// The setting that chooses the folder, named in the advice.
  public var setting: String?

  /// The error of an operation that failed with `code`.
  public init(_ operation: Operation, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// The error for the current `errno`.
  static func current(_ operation: Operation, _ path: String) -> FileError {
    FileError(operation, path: path, code: errno)
  }

  /// The error of an operation on a file that does not exist.
  package static func missing(_ operation: Operation, _ path: String) -> FileError {
    FileError(operation, path: path, code: ENOENT)
  }

  /// The error of a file that got shorter while it was read.
  package static func endedEarly(_ path: String) -> FileError {
    FileError(.read, path: path, code: EIO)
  }

  /// Whether the file does not exist.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  /// Whether a file or folder that should be new exists already.
  package var alreadyExists: Bool { code == EEXIST }
  /// Whether the user lacks the permission.
  package var isForbidden: Bool { code == EACCES }

  /// The system's message for an error number.
  package static func text(ofCode code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  /// What was tried, on which file, what the system says, and what to do.
  public var description: String {
    "cannot \(operation.rawValue) '\(path)': \(Self.text(ofCode: code))\(hint)"
  }

  private var hint: String {
    let otherFolder = "choose another folder" + (setting.map { " (\($0))" } ?? "")
    return switch code {
    case ENOSPC, EDQUOT: ". Free some space, or \(otherFolder)."
    case EACCES, EPERM, EROFS:
      operation == .read
        ? ". Give yourself permission to read it, or choose another path."
        : ". Give yourself permission to write there, or \(otherFolder)."
    case ENOENT, ENOTDIR: ". Check the path."
    case EISDIR: ". Name a file, not a folder."
    default: "."
    }
  }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The operating system's refusal to open, read, write or rename a file.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried, to be printed after "cannot".
  public enum Operation: String, Sendable {
    case read, write
    case makeFolder = "make the folder"
    case remove
  }
  /// What was tried.
  public let operation: Operation
  /// The file or folder.
  public let path: String
  /// The system's error number (`errno`).
  public let code: Int32
  /// The setting that chooses the folder, for the advice.
  public var setting: String?

  /// The error of an operation that failed with `code`.
  public init(_ operation: Operation, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// The error that `errno` holds now.
  static func current(_ operation: Operation, _ path: String) -> FileError {
    FileError(operation, path: path, code: errno)
  }

  /// Whether the file does not exist.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// What was tried, on which file, what the system says, and what to do.
  public var description: String {
    "cannot \(operation.rawValue) '\(path)': \(String(cString: strerror(code)))\(hint)"
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

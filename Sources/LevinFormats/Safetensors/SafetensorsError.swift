/// What is wrong with a safetensors file, and where.
public struct SafetensorsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of problem.
  public enum Problem: Hashable, Sendable {
    /// The file has fewer than the eight bytes that hold the header's length.
    case noHeader
    /// There is no `{` where the header should begin.
    case notSafetensors
    /// The header is longer than the format or the file allows.
    case headerTooLong(found: UInt64, limit: Int)
    /// The header is not JSON of the expected form.
    case invalidHeader(expected: String)
    /// The index of several files is not JSON of the expected form.
    case invalidIndex(expected: String)
    /// A name, or a key of one entry, occurs twice.
    case duplicateKey(String)
    /// The size of a shape in bytes is no whole number, or exceeds the address space.
    case tooLarge(name: String)
    /// The offsets do not match the shape and the dtype.
    case wrongLength(name: String, found: Int, expected: Int)
    /// The bytes of an entry do not start where those of the one before end.
    case notContiguous(name: String, found: Int, expected: Int)
    /// The file is longer or shorter than its entries.
    case wrongFileLength(found: Int, expected: Int)
  }
  /// The file that was read.
  public let path: String
  /// The byte of the file at which the problem was found.
  public let offset: Int
  /// What is wrong.
  public let problem: Problem

  /// What is wrong, where, what was found and expected, and what to do.
  public var description: String {
    switch problem {
    case .notSafetensors: "\(path): \(what)."
    case .invalidIndex: "\(path): byte \(offset): \(what)."
    default: "\(path): byte \(offset): not a valid safetensors file: \(what)."
    }
  }

  private var what: String {
    switch problem {
    case .noHeader: "it ends inside its first eight bytes, the length of the header"
    case .notSafetensors:
      "not a safetensors file: byte \(offset) is not '{', which begins the header"
    case .headerTooLong(let found, let limit):
      "the header claims to have \(found) bytes, but at most \(limit) are possible"
    case .invalidHeader(let expected): "the header is damaged: expected \(expected)"
    case .invalidIndex(let expected):
      "not a valid index of safetensors files: expected \(expected)"
    case .duplicateKey(let key): "'\(key)' occurs twice in the header"
    case .tooLarge(let name): "the shape of '\(name)' is impossibly large"
    case .wrongLength(let name, let found, let expected):
      "'\(name)' has \(found) bytes, but its shape and dtype need \(expected)"
    case .notContiguous(let name, let found, let expected):
      "the bytes of '\(name)' start at \(found) of the data, expected \(expected)"
    case .wrongFileLength(let found, let expected):
      found < expected
        ? "the file is cut short: it has \(found) bytes, expected \(expected)"
        : "\(found - expected) bytes follow the last entry"
    }
  }
}

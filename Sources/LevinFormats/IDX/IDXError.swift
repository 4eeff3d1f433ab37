/// What is wrong with an IDX file, and where.
public struct IDXError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of problem.
  public enum Problem: Hashable, Sendable {
    /// There are fewer bytes than the header needs.
    case shortHeader(expected: Int)
    /// The first four bytes are not an IDX magic number.
    case wrongMagic(found: UInt32)
    /// The elements are not of the expected type.
    case wrongElementType(found: String, expected: String)
    /// The number of dimensions is not the expected one.
    case wrongRank(found: Int, expected: Int)
    /// The product of the dimensions exceeds the address space.
    case tooLarge([Int])
    /// The number of bytes after the header does not match the dimensions.
    case wrongLength(found: Int, expected: Int, shape: [Int])
  }
  /// The file that was read.
  public let path: String
  /// The byte of the (inflated) data at which the problem was found.
  public let offset: Int
  /// What is wrong.
  public let problem: Problem

  /// What is wrong, where, what was found and expected, and what to do.
  public var description: String {
    let what =
      switch problem {
      case .shortHeader(let expected):
        "the data ends inside the header, which has \(expected) bytes"
      case .wrongMagic(let found):
        "not an IDX file: magic number 0x\(Self.hexadecimal(found)), expected 0x000008 and the "
          + "number of dimensions"
      case .wrongElementType(let found, let expected):
        "the magic number says elements of \(found), expected \(expected)"
      case .wrongRank(let found, let expected):
        "the magic number says \(found) dimension\(found == 1 ? "" : "s"), expected \(expected)"
      case .tooLarge(let shape): "the dimensions \(shape) are impossibly large"
      case .wrongLength(let found, let expected, let shape):
        "\(found) bytes follow the header, expected \(expected) for dimensions \(shape)"
      }
    return "\(path): byte \(offset): \(what). Delete the file and download it again."
  }

  private static func hexadecimal(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

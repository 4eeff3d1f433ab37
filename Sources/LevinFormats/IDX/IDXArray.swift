/// An array of an IDX file, the format of the MNIST database
/// (http://yann.lecun.com/exdb/mnist/, "the IDX file format").
public struct IDXArray: Sendable {
  /// The type of the elements, by its code in the magic number.
  public enum ElementType: UInt8, Sendable {
    case uint8 = 0x08
    case int8 = 0x09
    case int16 = 0x0b
    case int32 = 0x0c
    case float32 = 0x0d
    case float64 = 0x0e

    /// The size of an element in bytes.
    public var byteCount: Int {
      switch self {
      case .uint8, .int8: 1
      case .int16: 2
      case .int32, .float32: 4
      case .float64: 8
      }
    }
  }

  /// The type of the elements.
  public let elementType: ElementType
  /// The sizes of the dimensions, outermost first.
  public let shape: [Int]
  /// The whole file, header included; nothing is copied.
  public let bytes: [UInt8]
  /// Where in ``bytes`` the elements start; they extend to the end, big endian, row-major.
  public let payloadOffset: Int

  /// Reads the header of `bytes`, the content of the file at `path`.
  ///
  /// - Parameters:
  ///   - elementType: The required type of the elements; nil for any.
  ///   - rank: The required number of dimensions; nil for any.
  public init(
    _ bytes: [UInt8], path: String, elementType expectedType: ElementType? = nil,
    rank expectedRank: Int? = nil
  ) throws(IDXError) {
    func error(_ offset: Int, _ problem: IDXError.Problem) -> IDXError {
      IDXError(path: path, offset: offset, problem: problem)
    }
    func number(at offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[offset + $1]) }
    }
    guard bytes.count >= 4 else { throw error(bytes.count, .shortHeader(expected: 4)) }
    let magic = number(at: 0)
    let rank = Int(magic & 0xff)
    guard magic >> 16 == 0, rank > 0,
      let type = ElementType(rawValue: UInt8(truncatingIfNeeded: magic >> 8))
    else { throw error(0, .wrongMagic(found: magic)) }
    if let expectedType, type != expectedType {
      throw error(2, .wrongElementType(found: "\(type)", expected: "\(expectedType)"))
    }
    if let expectedRank, rank != expectedRank {
      throw error(3, .wrongRank(found: rank, expected: expectedRank))
    }
    let header = 4 + 4 * rank
    guard bytes.count >= header else {
      throw error(bytes.count, .shortHeader(expected: header))
    }
    let shape = (0..<rank).map { Int(number(at: 4 + 4 * $0)) }
    var expected = type.byteCount
    for size in shape {
      let (product, overflow) = expected.multipliedReportingOverflow(by: size)
      guard !overflow else { throw error(4, .tooLarge(shape)) }
      expected = product
    }
    guard bytes.count - header == expected else {
      throw error(
        header,
        .wrongLength(found: bytes.count - header, expected: expected, shape: shape))
    }
    self.elementType = type
    self.shape = shape
    self.bytes = bytes
    self.payloadOffset = header
  }
}

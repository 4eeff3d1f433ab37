internal import LevinSystem

extension SafetensorsFile {
  /// The format's own limit for the header.
  private static let headerLimit = 100_000_000

  /// Reads a whole file; throws a ``FileError`` if it cannot be read, and a ``SafetensorsError``
  /// if it breaks the format's rules.
  public init(path: String) throws {
    try self.init(FileBytes.read(path), path: path)
  }

  /// Reads `bytes`, the content of the file at `path`.
  public init(_ bytes: [UInt8], path: String) throws(SafetensorsError) {
    func error(_ offset: Int, _ problem: SafetensorsError.Problem) -> SafetensorsError {
      SafetensorsError(path: path, offset: offset, problem: problem)
    }
    guard bytes.count >= 8 else { throw error(bytes.count, .noHeader) }
    guard bytes.count == 8 || bytes[8] == UInt8(ascii: "{") else { throw error(8, .notSafetensors) }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * $1) }
    let limit = min(Self.headerLimit, bytes.count - 8)
    guard length <= limit else { throw error(0, .headerTooLong(found: length, limit: limit)) }
    let dataStart = 8 + Int(length)

    var scanner = HeaderScanner(bytes: bytes[8..<dataStart], path: path)
    let header = try scanner.header()
    metadata = header.metadata

    var end = 0
    let ordered = header.entries.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    for entry in ordered {
      let name = entry.name
      guard var expected = Self.byteCount(ofDType: entry.dtype) else {
        throw error(entry.offset, .unknownDType(name: name, dtype: entry.dtype))
      }
      for size in entry.shape {
        let (product, overflow) = expected.multipliedReportingOverflow(by: size)
        guard !overflow else { throw error(entry.offset, .tooLarge(name: name)) }
        expected = product
      }
      guard entry.start == end else {
        throw error(
          entry.offset, .notContiguous(name: name, found: entry.start, expected: end))
      }
      // Both are below 2^63, so their difference fits, though it may be negative.
      guard entry.end - entry.start == expected else {
        throw error(
          entry.offset,
          .wrongLength(name: name, found: entry.end - entry.start, expected: expected))
      }
      end = entry.end
    }
    // The difference cannot overflow; the sum could.
    guard end <= bytes.count - dataStart else {
      throw error(
        bytes.count,
        .wrongFileLength(
          found: bytes.count, expected: dataStart.addingReportingOverflow(end).partialValue))
    }
    guard dataStart + end == bytes.count else {
      throw error(
        dataStart + end, .wrongFileLength(found: bytes.count, expected: dataStart + end))
    }
    entries = ordered.map { entry in
      let content = Array(bytes[dataStart + entry.start..<dataStart + entry.end])
      return (entry.name, Entry(dtype: entry.dtype, shape: entry.shape, bytes: content))
    }
  }
}

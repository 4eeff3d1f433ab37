/// The description of all arrays at the beginning of a safetensors file, checked against every rule of the format.
struct SafetensorsHeader {
  /// The format's own limit for the header.
  private static let limit = 100_000_000

  /// The arrays in the order of their bytes, which touch; offsets count from ``dataStart``.
  let entries: [HeaderScanner.Entry]
  let metadata: [String: String]
  /// Where the data begins in the file.
  let dataStart: Int

  /// Reads the header of `bytes`, the content of the file at `path`.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(SafetensorsError) {
    func error(_ offset: Int, _ problem: SafetensorsError.Problem) -> SafetensorsError {
      SafetensorsError(path: path, offset: offset, problem: problem)
    }
    guard let length = bytes.littleEndian(UInt64.self, at: 0) else {
      throw error(bytes.count, .noHeader)
    }
    guard bytes.count == 8 || bytes[8] == UInt8(ascii: "{") else { throw error(8, .notSafetensors) }
    let limit = min(Self.limit, bytes.count - 8)
    guard length <= limit else { throw error(0, .headerTooLong(found: length, limit: limit)) }
    dataStart = 8 + Int(length)

    var scanner = HeaderScanner(bytes: Array(bytes.part(0..<dataStart))[8...], path: path)
    let header = try scanner.header()
    metadata = header.metadata

    var end = 0
    entries = header.entries.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    for entry in entries {
      let name = entry.name
      guard entry.start == end else {
        throw error(entry.offset, .notContiguous(name: name, found: entry.start, expected: end))
      }
      // Both are below 2^63, so their difference fits, though it may be negative.
      let found = entry.end - entry.start
      if let type = TensorFile.ElementType(safetensors: entry.dtype) {
        guard let expected = type.byteCount(of: entry.shape) else {
          throw error(entry.offset, .tooLarge(name: name))
        }
        guard found == expected else {
          throw error(entry.offset, .wrongLength(name: name, found: found, expected: expected))
        }
      } else if found < 0 {
        throw error(entry.offset, .wrongLength(name: name, found: found, expected: 0))
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
  }
}

extension TensorFile.ElementType {
  private static let bySafetensorsName = Dictionary(
    uniqueKeysWithValues: allCases.compactMap { type in type.safetensorsName.map { ($0, type) } })

  /// The type that safetensors calls `name`; nil if the format does not know it.
  init?(safetensors name: String) {
    guard let type = Self.bySafetensorsName[name] else { return nil }
    self = type
  }

  /// What safetensors calls it, such as `F32`; nil if it cannot store it.
  public var safetensorsName: String? {
    switch self {
    case .bool: "BOOL"
    case .uint8: "U8"
    case .uint16: "U16"
    case .uint32: "U32"
    case .uint64: "U64"
    case .int8: "I8"
    case .int16: "I16"
    case .int32: "I32"
    case .int64: "I64"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .float32: "F32"
    case .float64: "F64"
    case .float8E4M3: "F8_E4M3"
    case .float8E5M2: "F8_E5M2"
    case .float8E4M3FNUZ: "F8_E4M3FNUZ"
    case .float8E5M2FNUZ: "F8_E5M2FNUZ"
    case .float8E8M0: "F8_E8M0"
    case .float6E2M3: "F6_E2M3"
    case .float6E3M2: "F6_E3M2"
    case .float4: "F4"
    case .complex64: "C64"
    case .complex32, .complex128: nil
    }
  }
}

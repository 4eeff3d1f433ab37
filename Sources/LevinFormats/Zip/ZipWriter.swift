internal import LevinSystem

/// Writes a zip archive of stored entries, whose payloads begin at multiples of 64 bytes.
///
/// The same content always gives the same bytes: no time, no random numbers.
struct ZipWriter: ~Copyable {
  /// Passes the payload of an entry on in pieces.
  typealias Payload = ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

  private var file: ReplacementFile
  private var offset = 0
  private var directory: [UInt8] = []
  private var count = 0
  private static let alignment = 64
  /// A field of 32 bits that is all ones says that the number is in the ZIP64 field.
  private static let large = Int(UInt32.max)

  /// Begins an archive that ``finish()`` puts at `path`.
  init(_ path: String) throws(FileError) { file = try ReplacementFile(path) }

  /// Adds an entry of `size` bytes; `payload` is called twice, once for the checksum.
  mutating func add(_ name: String, size: Int, _ payload: Payload) throws {
    var checksum: UInt32 = 0
    try payload { checksum = CRC32.of($0, after: checksum) }
    let isLarge = size >= Self.large
    let longSizes: [UInt64] = isLarge ? [UInt64(size), UInt64(size)] : []
    var common: [UInt8] = []  // What both headers say, from the version on.
    common.add(UInt16(isLarge || offset >= Self.large ? 45 : 20))
    common.add(UInt16(0x0800))
    common.add(UInt16(0))
    common.add(UInt16(0))
    common.add(UInt16(0x21))
    common.add(checksum)
    common.add(UInt32(clamping: size))
    common.add(UInt32(clamping: size))
    common.add(UInt16(name.utf8.count))

    var extra = Self.longField(longSizes)
    let unpadded = offset + 30 + name.utf8.count + extra.count
    let padding = (Self.alignment - (unpadded + 4) % Self.alignment) % Self.alignment
    extra += Array("FB".utf8)
    extra.add(UInt16(padding))
    extra += repeatElement(UInt8(ascii: "Z"), count: padding)
    var local: [UInt8] = []
    local.add(UInt32(0x0403_4b50))
    local += common
    local.add(UInt16(extra.count))
    local += Array(name.utf8) + extra

    let longOffset: [UInt64] = offset >= Self.large ? [UInt64(offset)] : []
    let longFields = Self.longField(longSizes + longOffset)
    directory.add(UInt32(0x0201_4b50))
    directory.add(UInt16(45))
    directory += common
    directory.add(UInt16(longFields.count))
    directory += [UInt8](repeating: 0, count: 10)  // comment, disk, attributes
    directory.add(UInt32(clamping: offset))
    directory += Array(name.utf8) + longFields
    count += 1

    try write(local)
    let start = offset
    var written = 0
    try payload { bytes in
      try file.write(bytes)
      written += bytes.count
    }
    offset = start + written
    guard written == size else {
      fail("ZipWriter.add", "\(written) bytes for '\(name)'", expected: "\(size)")
    }
  }

  /// Writes the directory, and puts the archive in its place.
  consuming func finish() throws(FileError) {
    let (start, length, count) = (offset, directory.count, count)
    try write(directory)
    var end: [UInt8] = []
    if count >= 0xffff || start >= Self.large || length >= Self.large {
      end.add(UInt32(0x0606_4b50))
      end.add(UInt64(44))
      end.add(UInt16(45))
      end.add(UInt16(45))
      end.add(UInt64(0))
      end.add(UInt64(count))
      end.add(UInt64(count))
      end.add(UInt64(length))
      end.add(UInt64(start))
      end.add(UInt32(0x0706_4b50))
      end.add(UInt32(0))
      end.add(UInt64(start + length))
      end.add(UInt32(1))
    }
    end.add(UInt32(0x0605_4b50))
    end.add(UInt32(0))
    end.add(UInt16(clamping: count))
    end.add(UInt16(clamping: count))
    end.add(UInt32(clamping: length))
    end.add(UInt32(clamping: start))
    end.add(UInt16(0))
    try write(end)
    try file.finish()
  }

  private mutating func write(_ bytes: [UInt8]) throws(FileError) {
    // A typed throw does not pass through withUnsafeBytes.
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try file.write(bytes) }
    }
    try result.get()
    offset += bytes.count
  }

  private static func longField(_ numbers: [UInt64]) -> [UInt8] {
    guard !numbers.isEmpty else { return [] }
    var field: [UInt8] = []
    field.add(UInt16(1))
    field.add(UInt16(8 * numbers.count))
    for number in numbers { field.add(number) }
    return field
  }
}

extension [UInt8] {
  /// Appends a number, little endian.
  mutating func add(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}

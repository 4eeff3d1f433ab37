internal import LevinSystem

extension ZipArchive {
  struct End {
    let count: Int
    let directory: Range<Int>
  }
  struct CentralHeader {
    let name: String
    let flags: UInt16
    let method: UInt16
    let checksum: UInt32
    /// The sizes of the payload and of its content, and where the local header is.
    let packedSize, size, start: Int
    /// The size of this header.
    let length: Int
  }
  private static let allOnes = UInt64(UInt32.max)

  /// The end record, which is the last 22 bytes, with that of ZIP64 before it if there is one.
  func endRecord() throws(TensorFileError) -> End {
    let bytes = file.bytes
    let place = bytes.count - 22
    guard place >= 0, bytes.littleEndian(UInt32.self, at: place) == 0x0605_4b50,
      bytes.littleEndian(UInt16.self, at: place + 20) == 0
    else {
      throw error(
        max(place, 0),
        "the file does not end with an end record; it is cut short, or has more "
          + "bytes behind its end")
    }
    let fields = (
      disk: bytes.littleEndian(UInt16.self, at: place + 4),
      directoryDisk: bytes.littleEndian(UInt16.self, at: place + 6),
      countHere: bytes.littleEndian(UInt16.self, at: place + 8),
      count: UInt64(bytes.littleEndian(UInt16.self, at: place + 10) ?? 0),
      size: UInt64(bytes.littleEndian(UInt32.self, at: place + 12) ?? 0),
      start: UInt64(bytes.littleEndian(UInt32.self, at: place + 16) ?? 0)
    )
    guard fields.disk == 0, fields.directoryDisk == 0,
      fields.countHere.map(UInt64.init) == fields.count
    else { throw error(place, "it is a part of an archive in several parts") }
    var (count, size, start) = (fields.count, fields.size, fields.start)
    var directoryEnd = place
    let locator = place - 20
    if bytes.littleEndian(UInt32.self, at: locator) == 0x0706_4b50 {
      let record = locator - 56
      guard bytes.littleEndian(UInt64.self, at: locator + 8) == UInt64(clamping: record),
        bytes.littleEndian(UInt32.self, at: record) == 0x0606_4b50,
        bytes.littleEndian(UInt64.self, at: record + 4) == 44,
        let countHere = bytes.littleEndian(UInt64.self, at: record + 24),
        let longCount = bytes.littleEndian(UInt64.self, at: record + 32), longCount == countHere,
        let longSize = bytes.littleEndian(UInt64.self, at: record + 40),
        let longStart = bytes.littleEndian(UInt64.self, at: record + 48)
      else { throw error(max(record, 0), "the ZIP64 record is damaged") }
      guard count == longCount || count == 0xffff, size == longSize || size == Self.allOnes,
        start == longStart || start == Self.allOnes
      else { throw error(record, "the ZIP64 record and the end record differ") }
      (count, size, start) = (longCount, longSize, longStart)
      directoryEnd = record
    }
    guard count <= UInt64(Self.entryLimit), count * 46 <= size else {
      throw error(
        place,
        "it says that it has \(count) entries in a directory of \(size) bytes; expected at "
          + "most \(Self.entryLimit), of 46 bytes or more each")
    }
    guard let first = Int(exactly: start), let length = Int(exactly: size),
      first <= directoryEnd, directoryEnd - first == length
    else {
      throw error(
        place,
        "the directory has \(size) bytes at \(start), expected that it ends at byte "
          + "\(directoryEnd)")
    }
    return End(count: Int(count), directory: first..<directoryEnd)
  }

  /// The directory's header of an entry, which must end by `limit`.
  func centralHeader(at start: Int, limit: Int) throws(TensorFileError) -> CentralHeader {
    let bytes = file.bytes
    guard limit - start >= 46, bytes.littleEndian(UInt32.self, at: start) == 0x0201_4b50,
      let flags = bytes.littleEndian(UInt16.self, at: start + 8),
      let method = bytes.littleEndian(UInt16.self, at: start + 10),
      let checksum = bytes.littleEndian(UInt32.self, at: start + 16),
      let shortPacked = bytes.littleEndian(UInt32.self, at: start + 20),
      let shortSize = bytes.littleEndian(UInt32.self, at: start + 24),
      let nameLength = bytes.littleEndian(UInt16.self, at: start + 28).map(Int.init),
      let extraLength = bytes.littleEndian(UInt16.self, at: start + 30).map(Int.init),
      let commentLength = bytes.littleEndian(UInt16.self, at: start + 32).map(Int.init),
      let shortStart = bytes.littleEndian(UInt32.self, at: start + 42),
      limit - start - 46 >= nameLength + extraLength + commentLength
    else { throw error(start, "expected the directory's header of an entry") }
    let name = try self.name(bytes.part(start + 46..<start + 46 + nameLength), at: start + 46)
    guard flags & ~0x0808 == 0 else {
      throw error(
        start + 8,
        "'\(name)' has the flags 0x\(String(flags, radix: 16)), expected at most 0x808"
          + (flags & 1 == 1 ? "; it is encrypted" : ""))
    }
    let extra = start + 46 + nameLength
    var long = try longFields(in: extra..<extra + extraLength)[...]
    func value(_ short: UInt32) throws(TensorFileError) -> Int {
      guard short == UInt32.max else { return Int(short) }
      guard let number = long.popFirst().flatMap({ Int(exactly: $0) }) else {
        throw error(extra, "the ZIP64 sizes of '\(name)' are missing or impossibly large")
      }
      return number
    }
    let size = try value(shortSize)
    let packed = try value(shortPacked)
    let place = try value(shortStart)
    switch method {
    case 0:
      guard packed == size else {
        throw error(start + 20, "'\(name)' is stored in \(packed) bytes, expected \(size)")
      }
    case 8 where kind == .npz:
      guard size <= packed.multipliedReportingOverflow(by: Self.greatestRatio).partialValue,
        packed <= limit
      else {
        throw error(
          start + 20,
          "'\(name)' claims to inflate from \(packed) bytes to \(size), which is "
            + "impossible")
      }
    default:
      throw TensorFileError(
        file.path, at: start + 10,
        "'\(name)' is compressed (method \(method)), expected "
          + (kind == .torch ? "stored bytes, as torch.save writes" : "a stored or deflated array"),
        advice: kind == .torch
          ? "The archive was packed again by another program; use the file that torch.save wrote"
          : "Save the arrays with numpy.savez")
    }
    return CentralHeader(
      name: name, flags: flags, method: method, checksum: checksum, packedSize: packed, size: size,
      start: place, length: 46 + nameLength + extraLength + commentLength)
  }

  /// Where the payload of an entry is, whose local header must agree with the directory's.
  func payload(of header: CentralHeader, limit: Int) throws(TensorFileError) -> Range<Int> {
    let (bytes, start) = (file.bytes, header.start)
    guard start <= limit - 30, bytes.littleEndian(UInt32.self, at: start) == 0x0403_4b50,
      let flags = bytes.littleEndian(UInt16.self, at: start + 6),
      let method = bytes.littleEndian(UInt16.self, at: start + 8),
      let checksum = bytes.littleEndian(UInt32.self, at: start + 14),
      let packed = bytes.littleEndian(UInt32.self, at: start + 18),
      let size = bytes.littleEndian(UInt32.self, at: start + 22),
      let nameLength = bytes.littleEndian(UInt16.self, at: start + 26).map(Int.init),
      let extraLength = bytes.littleEndian(UInt16.self, at: start + 28).map(Int.init),
      nameLength + extraLength <= limit - start - 30
    else { throw error(start, "expected the header of '\(header.name)'") }
    let first = start + 30 + nameLength + extraLength
    let hasDescriptor = flags & 8 != 0
    func agrees(_ local: UInt32, _ central: Int) -> Bool {
      local == UInt32.max || local == UInt32(truncatingIfNeeded: central)
        || hasDescriptor && local == 0
    }
    guard bytes.part(start + 30..<start + 30 + nameLength).elementsEqual(header.name.utf8),
      flags == header.flags, method == header.method,
      checksum == header.checksum || hasDescriptor && checksum == 0,
      agrees(packed, header.packedSize), agrees(size, header.size)
    else {
      throw error(start, "the header of '\(header.name)' and that in the directory differ")
    }
    guard header.packedSize <= limit - first else {
      throw error(
        start,
        "'\(header.name)' claims to have \(header.packedSize) bytes, but at most "
          + "\(limit - first) are possible")
    }
    return first..<first + header.packedSize
  }

  /// A name that is a relative path without detours.
  private func name(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(TensorFileError)
    -> String
  {
    guard let name = String(validating: bytes, as: UTF8.self) else {
      throw error(offset, "the name of an entry is not UTF-8")
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "\\")),
      parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
    else {
      throw error(
        offset, "an entry is called '\(name)', expected a relative path without '.', '..' and '\\'")
    }
    return name
  }

  /// The 64-bit numbers of a header's ZIP64 field.
  private func longFields(in range: Range<Int>) throws(TensorFileError) -> [UInt64] {
    var position = range.lowerBound
    while range.upperBound - position >= 4 {
      let id = file.bytes.littleEndian(UInt16.self, at: position)
      let length = Int(file.bytes.littleEndian(UInt16.self, at: position + 2) ?? 0)
      guard length <= range.upperBound - position - 4 else { break }
      if id == 1 {
        return (0..<length / 8).compactMap {
          file.bytes.littleEndian(UInt64.self, at: position + 4 + 8 * $0)
        }
      }
      position += 4 + length
    }
    return []
  }
}

internal import LevinSystem

/// Reading and writing gzip data (RFC 1952): one member or several, with zero bytes after any of them.
public enum Gzip {
  /// Deflate never packs more than 1032 bytes into one, so a larger stored length is wrong.
  private static let greatestRatio = 1032
  /// The first bytes of each member.
  private static let magic: [UInt8] = [0x1f, 0x8b, 0x08]
  /// The bit of the fourth byte that says that the header has a checksum (FHCRC).
  private static let headerChecksum: UInt8 = 2

  /// Decompresses `compressed`, the bytes of a gzip file.
  ///
  /// - Parameters:
  ///   - path: The file's name, for error messages.
  ///   - limit: The largest number of bytes that the data may have; below 4 GiB.
  public static func inflate(
    _ compressed: [UInt8], path: String, limit: Int
  ) throws(GzipError) -> [UInt8] {
    guard compressed.starts(with: magic) else {
      throw GzipError(
        path: path, offset: 0, problem: .notGzip(found: Array(compressed.prefix(3))))
    }
    let length = storedLength(compressed)
    if length <= min(limit, compressed.count * greatestRatio),
      let data = compressed.withUnsafeBufferPointer({ inflateMember($0, length: length) })
    {
      return data
    }
    return try inflateMembers(compressed, path: path, limit: limit)
  }

  /// The data of a file that is one whole member of `length` bytes; nil if it is anything else, or if its header has a
  /// checksum, which only zlib compares.
  ///
  /// The memory is allocated once: the caller has checked that the length is possible.
  private static func inflateMember(
    _ compressed: UnsafeBufferPointer<UInt8>, length: Int
  ) -> [UInt8]? {
    guard compressed.count > 3, compressed[3] & headerChecksum == 0 else { return nil }
    var isWhole = false
    // zlib needs room for a byte even if there is no data.
    let data = [UInt8](largeCapacity: max(length, 1)) { output, filled in
      let room = output
      room.whilePopulating {
        isWhole =
          Inflater.inflateAtOnce(compressed, .gzip, into: .init(rebasing: room[..<length]))
          || inflatePieces(compressed, into: room) == length
      }
      filled = isWhole ? length : 0
    }
    return isWhole ? data : nil
  }

  /// The number of bytes in `output` if they are all of a file's data and match its checksum; nil if not.
  ///
  /// The checksum follows zlib piece by piece, while the data is in the processor's caches, and by Levin's kernel, which
  /// takes a third of the time of zlib's.
  private static func inflatePieces(
    _ compressed: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
  ) -> Int? {
    let stream = Inflater(compressed, .gzip, isChecking: false)
    var sum: UInt32 = 0
    var filled = 0
    repeat {
      let piece = output[filled...].prefix(1 << 18)
      let count = stream.inflate(into: UnsafeMutableBufferPointer(rebasing: piece))
      let data = UnsafeBufferPointer(rebasing: piece.prefix(count))
      sum = CRC32.of(UnsafeRawBufferPointer(data), after: sum)
      filled += count
    } while stream.canGoOn && filled < output.count
    let isWhole = stream.hasEnded && stream.consumed == compressed.count
    return isWhole && sum == word(compressed.dropLast(4)) ? filled : nil
  }

  /// The data of a file that is not one whole member, or what is wrong with it.
  ///
  /// Everything is read again in small pieces: the length stored at the end is that of the last member alone, and
  /// meaningless if the file was cut or something follows.
  private static func inflateMembers(
    _ compressed: [UInt8], path: String, limit: Int
  ) throws(GzipError) -> [UInt8] {
    var data: [UInt8] = []
    let consumed = try compressed.withUnsafeBufferPointer { bytes throws(GzipError) in
      try pieces(of: bytes, path: path) { piece in
        data += piece
        return data.count <= limit
      }
    }
    guard data.count <= limit else {
      throw GzipError(path: path, offset: consumed, problem: .tooLarge(limit: limit))
    }
    return data
  }

  /// Calls `body` with the decompressed data piece by piece, until it returns false or to the end, and returns the number
  /// of packed bytes that were read.
  static func pieces(
    of compressed: UnsafeBufferPointer<UInt8>, path: String,
    _ body: (UnsafeBufferPointer<UInt8>) -> Bool
  ) throws(GzipError) -> Int {
    guard compressed.starts(with: magic) else {
      throw GzipError(
        path: path, offset: 0, problem: .notGzip(found: Array(compressed.prefix(3))))
    }
    let stream = Inflater(compressed, .gzip)
    var failure: (problem: GzipError.Problem, offset: Int)?
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 16) { output in
      while failure == nil {
        let count = stream.inflate(into: output)
        guard body(UnsafeBufferPointer(rebasing: output[..<count])) else { return }
        guard !stream.canGoOn else { continue }
        guard stream.hasEnded else { return failure = defect(of: stream, in: compressed) }
        let rest = compressed[stream.consumed...].drop { $0 == 0 }
        if rest.isEmpty { return }
        guard rest.starts(with: magic) else {
          return failure = (.trailingBytes(rest.count), rest.startIndex)
        }
        stream.beginMember(at: rest.startIndex)
      }
    }
    if let failure {
      throw GzipError(path: path, offset: failure.offset, problem: failure.problem)
    }
    return stream.consumed
  }

  /// Why zlib cannot continue, and at which byte.
  private static func defect(
    of stream: Inflater, in compressed: UnsafeBufferPointer<UInt8>
  ) -> (GzipError.Problem, Int) {
    let offset = stream.consumed
    switch stream.message {
    case "" where offset == compressed.count: return (.truncated, offset)
    case "incorrect data check": return (.checksumMismatch, offset - 4)
    case "incorrect length check":
      return (.lengthMismatch(stored: storedLength(compressed[..<offset])), offset - 4)
    default: return (.damaged, offset)
    }
  }

  /// The last four bytes: the length of the data if the file is one complete member.
  private static func storedLength(_ compressed: some BidirectionalCollection<UInt8>) -> Int {
    Int(word(compressed))
  }

  /// The last four bytes, little endian.
  private static func word(_ bytes: some BidirectionalCollection<UInt8>) -> UInt32 {
    bytes.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

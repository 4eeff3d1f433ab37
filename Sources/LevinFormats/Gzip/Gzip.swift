internal import LevinSystem

/// Reading and writing gzip data (RFC 1952): one member or several, with zero bytes after any of them.
public enum Gzip {
  /// Deflate never packs more than 1032 bytes into one, so a larger stored length is wrong.
  private static let greatestRatio = 1032
  /// The first bytes of each member.
  private static let magic: [UInt8] = [0x1f, 0x8b, 0x08]

  /// Decompresses `compressed`, the bytes of a gzip file.
  ///
  /// A single member is inflated by one call of zlib into memory that is allocated once, after the stored length was
  /// checked to be possible and at most `limit`.
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
    let stored = storedLength(compressed)
    if stored <= min(limit, compressed.count * greatestRatio) {
      var data: [UInt8] = []
      var isWhole = false
      Inflater.read(compressed) { stream in
        // zlib needs room for a byte even if there is no data.
        data = [UInt8](largeCapacity: max(stored, 1)) { output, filled in
          let room = output
          room.whilePopulating { filled = stream.inflate(into: room) }
        }
        isWhole = stream.hasEnded && stream.consumed == compressed.count
      }
      if isWhole { return data }
    }
    return try inflateMembers(compressed, path: path, limit: limit)
  }

  /// The data of a file that could not be inflated in one call, or what is wrong with it.
  ///
  /// Everything is read again in small pieces: the length stored at the end is that of the last member alone, and
  /// meaningless if the file was cut or something follows.
  private static func inflateMembers(
    _ compressed: [UInt8], path: String, limit: Int
  ) throws(GzipError) -> [UInt8] {
    var data: [UInt8] = []
    var result = Result<Int, GzipError>.success(0)
    compressed.withUnsafeBufferPointer { bytes in
      result = Result { () throws(GzipError) in
        try pieces(of: bytes, path: path) { piece in
          data += piece
          return data.count <= limit
        }
      }
    }
    let consumed = try result.get()
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

  /// The last four bytes, little endian: the length of the data if the file is one complete member.
  private static func storedLength(_ compressed: some Collection<UInt8>) -> Int {
    compressed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

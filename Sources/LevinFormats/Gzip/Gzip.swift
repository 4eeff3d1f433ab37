/// Reading gzip data (RFC 1952) of one member.
public enum Gzip {
  /// Deflate never packs more than 1032 bytes into one, so a stored length above that is a lie.
  private static let greatestRatio = 1032

  /// The data that `compressed`, the bytes of a gzip file, holds.
  ///
  /// One call of zlib writes it all into memory that is allocated once, after the length stored in
  /// the file was found to be possible and at most `limit`.
  ///
  /// - Parameters:
  ///   - path: The file's name, for errors.
  ///   - limit: The greatest number of bytes that the data may have; below 4 GiB.
  public static func inflate(
    _ compressed: [UInt8], path: String, limit: Int
  ) throws(GzipError) -> [UInt8] {
    guard compressed.starts(with: [0x1f, 0x8b, 0x08]) else {
      throw GzipError(
        path: path, offset: 0, problem: .notGzip(found: Array(compressed.prefix(3))))
    }
    let stored = storedLength(compressed)
    if stored <= min(limit, compressed.count * greatestRatio) {
      var data: [UInt8] = []
      var isWhole = false
      Inflater.read(compressed) { stream in
        // zlib wants room for a byte even where there is no data.
        data = [UInt8](largeCapacity: max(stored, 1)) { output, filled in
          let room = output
          room.whilePopulating { filled = stream.inflate(into: room) }
        }
        isWhole = stream.hasEnded && stream.consumed == compressed.count
      }
      if isWhole { return data }
    }
    throw diagnose(compressed, path: path, limit: limit)
  }

  /// What is wrong with a file that could not be inflated at one go: its stored length may be none
  /// at all, because the file was cut or something follows it, so all is read anew in small pieces.
  private static func diagnose(_ compressed: [UInt8], path: String, limit: Int) -> GzipError {
    var offset = 0
    var problem = GzipError.Problem.damaged
    Inflater.read(compressed) { stream in
      var total = 0
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 16) { output in
        repeat {
          total += stream.inflate(into: output)
        } while stream.canGoOn && total <= limit
      }
      offset = stream.consumed
      if total > limit {
        problem = .tooLarge(limit: limit)
      } else if stream.hasEnded {
        problem = .trailingBytes(compressed.count - stream.consumed)
      } else if stream.consumed == compressed.count && stream.message.isEmpty {
        problem = .truncated
      } else if stream.message == "incorrect data check" {
        offset -= 4
        problem = .checksumMismatch
      } else if stream.message == "incorrect length check" {
        offset -= 4
        problem = .lengthMismatch(stored: storedLength(compressed[..<stream.consumed]))
      }
    }
    return GzipError(path: path, offset: offset, problem: problem)
  }

  /// The last four bytes, little endian: where the file is whole, the length of the data.
  private static func storedLength(_ compressed: some Collection<UInt8>) -> Int {
    compressed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

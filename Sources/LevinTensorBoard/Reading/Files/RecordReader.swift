internal import LevinFormats

/// Walks the records of an event file: length, checksum of the length, bytes, checksum of the bytes.
///
/// Memory is one buffer of 1 MiB, or less if single records are looked up; it grows to the longest record that the
/// file holds in full, at most `limit` bytes. Once the file has grown, reading may continue after the end was
/// reached.
struct RecordReader: ~Copyable {
  /// The result of ``next()``.
  enum Step {
    /// A complete record; the bytes are valid until the next call.
    case record(offset: Int, payload: UnsafeRawBufferPointer)
    case damage(Damage)
    /// There is nothing more so far.
    case end
  }

  static let headerLength = 12
  static let overhead = 16
  static let bufferLength = 1 << 20

  private let file: ReadableFile
  private let limit: Int
  /// The number of bytes to read at a time if fewer are needed.
  private let window: Int
  private var buffer: UnsafeMutableRawBufferPointer
  /// The file offset of the buffer's first byte, and the number of valid bytes in the buffer.
  private var bufferOffset: Int
  private var bufferCount = 0
  /// Where the next record begins.
  private(set) var position: Int
  /// Whether the framing was lost and no record has been found after that.
  private var isLost = false
  /// The number of bytes searched again for lost framing; limits the work for malicious files.
  private var searchedAgain = 0
  /// What follows the last complete record, known after ``next()`` returned `end`.
  private(set) var tail = EventFileReader.Tail.clean
  /// The length of the file when its end was reached.
  private(set) var seenLength = 0

  /// - Parameters:
  ///   - bufferLength: The number of bytes to read at a time if fewer are needed.
  ///   - isSearching: Whether the framing was lost before `position`.
  init(
    path: String, from position: Int = 0, limit: Int, bufferLength: Int = Self.bufferLength,
    isSearching: Bool = false
  ) throws(EventFileError) {
    let opened = try ReadableFile(path: path)
    let length = try opened.length()
    file = opened
    self.limit = max(0, min(limit, Int.max - Self.bufferLength))
    self.position = position
    window = bufferLength
    isLost = isSearching
    bufferOffset = position
    // A short file needs only a short buffer.
    buffer = .allocate(byteCount: max(4096, min(bufferLength, length)), alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// Moves to the start of a record.
  mutating func seek(to offset: Int) {
    position = offset
    isLost = false
    tail = .clean
  }

  mutating func next() throws(EventFileError) -> Step {
    if isLost { return try search(from: position, since: position, because: nil) }
    guard try fill(Self.headerLength) else { return try end(missing: Self.headerLength) }
    let header = bytes(Self.headerLength)
    let length = header.loadUnaligned(as: UInt64.self).littleEndian
    let stored = header.loadUnaligned(fromByteOffset: 8, as: UInt32.self).littleEndian
    let computed = TFRecord.maskedChecksum(of: UnsafeRawBufferPointer(rebasing: header[..<8]))
    guard stored == computed else {
      return try search(
        from: position + 1, since: position,
        because: .lengthChecksum(stored: stored, computed: computed))
    }
    guard length <= UInt64(limit) else { return try tooLarge(length) }
    let count = Int(length)
    guard try fill(count + Self.overhead) else { return try end(missing: count + Self.overhead) }
    let whole = bytes(count + Self.overhead)
    let payload = UnsafeRawBufferPointer(
      rebasing: whole[Self.headerLength..<Self.headerLength + count])
    let dataStored = whole.loadUnaligned(
      fromByteOffset: Self.headerLength + count, as: UInt32.self
    ).littleEndian
    let dataComputed = TFRecord.maskedChecksum(of: payload)
    guard dataStored == dataComputed else {
      return try skipDamagedData(
        .dataChecksum(length: count, stored: dataStored, computed: dataComputed), length: count)
    }
    let offset = position
    position += count + Self.overhead
    return .record(offset: offset, payload: payload)
  }

  /// Treats a record that is cut short as damage, and searches for complete records after it.
  ///
  /// For a file that is no longer being written. Returns nil if the file ends where a record ends.
  mutating func salvageTail() throws(EventFileError) -> Step? {
    guard case .cut(_, let missing) = tail else { return nil }
    tail = .clean
    return try search(from: position + 1, since: position, because: .cut(missing: missing))
  }

  /// A record with its framing, from the data that ``next()`` returned.
  static func whole(_ payload: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: payload.baseAddress.map { $0 - headerLength }, count: payload.count + overhead)
  }

  // MARK: Damage

  /// Skips a damaged record whose framing may still be right: it is, if a header or the end follows it.
  private mutating func skipDamagedData(
    _ kind: Damage.Kind, length: Int
  ) throws(EventFileError) -> Step {
    let end = position + Self.overhead + length
    let budget = position + Self.bufferLength
    if searchedAgain < budget, try fill(length + Self.overhead + Self.headerLength) {
      let header = UnsafeRawBufferPointer(
        rebasing: bytes(length + Self.overhead + Self.headerLength)[(length + Self.overhead)...])
      if !Self.isHeader(header) {
        searchedAgain += length
        return try search(from: position + Self.headerLength, since: position, because: kind)
      }
    }
    let damage = Damage(offset: position, end: end, kind: kind)
    position = end
    return .damage(damage)
  }

  /// Skips a record above the limit if the file has it in full.
  private mutating func tooLarge(_ length: UInt64) throws(EventFileError) -> Step {
    let available = try file.length() - position
    let needed = length.addingReportingOverflow(UInt64(Self.overhead))
    guard !needed.overflow, needed.partialValue <= UInt64(max(0, available)) else {
      seenLength = position + available
      let missing = length &+ UInt64(Self.overhead) &- UInt64(max(0, available))
      tail = .cut(offset: position, missing: missing)
      return .end
    }
    let damage = Damage(
      offset: position, end: position + Int(needed.partialValue),
      kind: .tooLarge(length: length, limit: limit))
    position = damage.end
    return .damage(damage)
  }

  /// Searches from `start` on for the next place that looks like a record's header.
  ///
  /// A header counts if its length fits into the file and its checksum matches; for random bytes the chance is 1 in
  /// 2³². Without `kind`, the loss has already been reported.
  private mutating func search(
    from start: Int, since offset: Int, because kind: Damage.Kind?
  ) throws(EventFileError) -> Step {
    let length = try file.length()
    position = start
    isLost = true
    while try fill(Self.headerLength) {
      let window = bytes(availableInBuffer)
      for place in 0...(window.count - Self.headerLength) {
        let candidate = UnsafeRawBufferPointer(
          rebasing: window[place..<place + Self.headerLength])
        let claimed = candidate.loadUnaligned(as: UInt64.self).littleEndian
        let room = length - (position + place) - Self.overhead
        guard room >= 0, claimed <= UInt64(room), Self.isHeader(candidate) else { continue }
        position += place
        isLost = false
        guard let kind else { return try next() }
        return .damage(Damage(offset: offset, end: position, kind: kind))
      }
      position += window.count - Self.headerLength + 1
    }
    tail = .lost(offset: position)
    seenLength = length
    guard let kind else { return .end }
    return .damage(Damage(offset: offset, end: max(length, position), kind: kind))
  }

  private static func isHeader(_ header: UnsafeRawBufferPointer) -> Bool {
    let stored = header.loadUnaligned(fromByteOffset: 8, as: UInt32.self).littleEndian
    return stored == TFRecord.maskedChecksum(of: UnsafeRawBufferPointer(rebasing: header[..<8]))
  }

  // MARK: The buffer

  private var availableInBuffer: Int { bufferOffset + bufferCount - position }

  /// The next `count` bytes, which ``fill(_:)`` has made available.
  private func bytes(_ count: Int) -> UnsafeRawBufferPointer {
    let start = position - bufferOffset
    return UnsafeRawBufferPointer(rebasing: buffer[start..<start + count])
  }

  /// Makes the next `count` bytes available; false if the file does not have them (yet).
  private mutating func fill(_ count: Int) throws(EventFileError) -> Bool {
    if position > bufferOffset + bufferCount || position < bufferOffset {
      bufferOffset = position
      bufferCount = 0
    }
    if availableInBuffer >= count { return true }
    var capacity = buffer.count
    if count > capacity {
      // The length comes from the file: memory is allocated only for bytes that exist.
      guard try file.length() - position >= count else { return false }
      capacity = count
    } else if capacity < window, try file.length() - position > capacity {
      capacity = window
    }
    if capacity > buffer.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
      larger.copyMemory(from: bytes(availableInBuffer))
      bufferCount = availableInBuffer
      bufferOffset = position
      buffer.deallocate()
      buffer = larger
    } else {
      let kept = availableInBuffer
      let start = position - bufferOffset
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<start + kept]))
      bufferOffset = position
      bufferCount = kept
    }
    let end = min(buffer.count, max(count, window))
    while bufferCount < count {
      let free = UnsafeMutableRawBufferPointer(rebasing: buffer[bufferCount..<end])
      let got = try file.read(into: free, at: bufferOffset + bufferCount)
      if got == 0 { return false }
      bufferCount += got
    }
    return true
  }

  /// The end was reached, but `needed` bytes were requested.
  private mutating func end(missing needed: Int) throws(EventFileError) -> Step {
    let length = try file.length()
    guard length >= position else {
      throw .shrank(path: file.path, length: length, read: position)
    }
    let available = length - position
    seenLength = length
    tail =
      available == 0
      ? .clean : .cut(offset: position, missing: UInt64(max(1, needed - available)))
    return .end
  }
}

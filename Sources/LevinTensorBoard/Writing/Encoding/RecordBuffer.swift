internal import LevinFormats

/// Framed records on their way to a file, in memory that is reused.
final class RecordBuffer {
  /// The most memory kept for reuse; that of a larger picture is freed.
  private static let mostKept = 1 << 20
  private var memory = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 16)
  private var capacity = 4096
  private var count = 0

  deinit { memory.deallocate() }

  /// All records since the last ``removeAll()``.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

  /// Appends the record of a payload of `byteCount` bytes that `write` writes.
  func appendRecord(byteCount: Int, _ write: (_ payload: UnsafeMutableRawPointer) -> Void) {
    let size = byteCount + TFRecord.overhead
    if size > capacity - count { grow(to: count + size) }
    let record = UnsafeMutableRawBufferPointer(start: memory + count, count: size)
    write(memory + count + TFRecord.payloadOffset)
    TFRecord.seal(record)
    count += size
  }

  /// The number of bytes of complete records within the first `limit` bytes.
  func byteCount(ofWholeRecordsIn limit: Int) -> Int {
    var end = 0
    while end < count {
      let length = memory.loadUnaligned(fromByteOffset: end, as: UInt64.self).littleEndian
      let next = end + Int(length) + TFRecord.overhead
      guard next <= limit else { break }
      end = next
    }
    return end
  }

  /// Empties the buffer.
  func removeAll() {
    count = 0
    guard capacity > Self.mostKept else { return }
    memory.deallocate()
    capacity = Self.mostKept
    memory = .allocate(byteCount: capacity, alignment: 16)
  }

  private func grow(to least: Int) {
    capacity = max(least, 2 * capacity)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    larger.copyMemory(from: memory, byteCount: count)
    memory.deallocate()
    memory = larger
  }
}

extension UnsafeRawBufferPointer {
  /// The little-endian number at `offset`; nil if it is not within these bytes.
  func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self, at offset: Int
  ) -> Number? {
    guard offset >= 0, count >= MemoryLayout<Number>.size,
      offset <= count - MemoryLayout<Number>.size
    else { return nil }
    return Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  /// These bytes from `range.lowerBound` to `range.upperBound`, which must be within them.
  func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[range])
  }
}

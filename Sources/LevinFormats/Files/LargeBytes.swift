internal import CLevinKernels

extension [UInt8] {
  /// Bytes that `body` writes into fresh memory of `largeCapacity` bytes, as
  /// `init(unsafeUninitializedCapacity:initializingWith:)` does, in pages of 2 MiB where the system
  /// has them: for datasets, whose rows are read in random order.
  public init(
    largeCapacity: Int,
    initializingWith body: (inout UnsafeMutableBufferPointer<UInt8>, inout Int) -> Void
  ) {
    self.init(unsafeUninitializedCapacity: largeCapacity) { buffer, count in
      if let start = buffer.baseAddress { levin_prefer_large_pages(start, buffer.count) }
      body(&buffer, &count)
    }
  }
}

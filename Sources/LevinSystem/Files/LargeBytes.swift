internal import CLevinRuntime

extension [UInt8] {
  /// Creates an array from bytes that `body` writes into fresh memory of `largeCapacity` bytes, as
  /// `init(unsafeUninitializedCapacity:initializingWith:)` does.
  ///
  /// The memory has pages of 2 MiB where the system offers them: for datasets, whose rows are read in random order.
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

extension UnsafeMutableBufferPointer<UInt8> {
  /// Calls `body`, which fills this memory from the start on one thread, while another thread faults in the pages
  /// ahead of it, if there are many.
  package func whilePopulating(_ body: () -> Void) {
    // Less is not worth a thread, which then serves whoever fills more at the same time.
    guard let baseAddress, count >= 1 << 24 else { return body() }
    withoutActuallyEscaping(body) { body in
      var body = body
      withUnsafeMutablePointer(to: &body) {
        levin_while_populating(baseAddress, count, $0) { context in
          context.assumingMemoryBound(to: (() -> Void).self).pointee()
        }
      }
    }
  }
}

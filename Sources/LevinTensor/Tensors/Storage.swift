internal import CLevinRuntime

/// A block of memory under tensors, 64-byte aligned; freed blocks are kept and used again.
final class Storage {
  let pointer: UnsafeMutableRawPointer
  let byteCount: Int

  /// Traps where the system has no more memory.
  init(byteCount: Int) {
    self.byteCount = byteCount
    guard let pointer = levin_take_memory(byteCount) else {
      ShapeChecks.fail(
        "a tensor", "\(byteCount) bytes, for which the system has no memory",
        expected: "less at a time")
    }
    self.pointer = pointer
  }

  deinit { levin_give_memory_back(pointer, byteCount) }
}

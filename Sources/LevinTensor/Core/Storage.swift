internal import CLevinKernels

/// A block of memory under tensors, 64-byte aligned; freed blocks are kept and used again.
final class Storage {
  let pointer: UnsafeMutableRawPointer
  let byteCount: Int

  /// Traps where the system has no more memory.
  init(byteCount: Int) {
    self.byteCount = byteCount
    guard let pointer = levin_take_memory(byteCount) else {
      fatalError("no memory for a tensor of \(byteCount) bytes")
    }
    self.pointer = pointer
  }

  deinit { levin_give_memory_back(pointer, byteCount) }
}

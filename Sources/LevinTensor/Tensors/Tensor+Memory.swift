internal import CLevinRuntime
internal import Synchronization

// The memory that tensors use, and the cost of value semantics.

extension Tensor {
  /// The bytes of host memory that all tensors of this process currently use (PyTorch's
  /// `torch.cuda.memory_allocated`); views share theirs.
  ///
  /// Freed blocks that are kept for the next tensors do not count, and neither does a file in which tensors lie.
  public static var memoryInUse: Int { levin_memory_use().bytes }

  /// The largest value of ``memoryInUse`` since the start, or since ``resetPeakMemoryInUse()`` (PyTorch's
  /// `torch.cuda.max_memory_allocated`).
  public static var peakMemoryInUse: Int { levin_memory_use().peak }

  /// Resets the peak to ``memoryInUse`` (PyTorch's `torch.cuda.reset_peak_memory_stats`).
  public static func resetPeakMemoryInUse() { levin_reset_peak_memory_use() }

  /// The bytes copied because a tensor, parameter or gradient was written to while something else held its memory,
  /// too: a view, a record for gradients, a variable; or while it lay in a file.
  ///
  /// It only grows: the bytes that a step copies are the difference before and after.
  public static var copiesOnWrite: Int { copied.load(ordering: .relaxed) }

  private static let copied = Atomic<Int>(0)

  /// Moves the elements to memory of their own, in row-major order, if anything else uses theirs.
  mutating func takeMemory() { if !ownsStorage() { self = copiedOnWrite() } }

  /// The same values in new memory, because they will be written to while others hold this memory.
  func copiedOnWrite() -> Tensor {
    Self.copied.add(byteCount, ordering: .relaxed)
    return copied()
  }
}

internal import CLevinRuntime
internal import Synchronization

// What tensors take, and what value semantics costs.

extension Tensor {
  /// Bytes that all tensors of this process hold in the host's memory at the moment (PyTorch's `torch.cuda.memory_allocated`);
  /// views share theirs.
  ///
  /// Freed blocks are kept for the next tensors, and do not count.
  public static var memoryInUse: Int { levin_memory_use().bytes }

  /// The most bytes that they held since the start, or since ``resetPeakMemoryInUse()`` (PyTorch's
  /// `torch.cuda.max_memory_allocated`).
  public static var peakMemoryInUse: Int { levin_memory_use().peak }

  /// Lets the peak begin anew at ``memoryInUse`` (PyTorch's `torch.cuda.reset_peak_memory_stats`).
  public static func resetPeakMemoryInUse() { levin_reset_peak_memory_use() }

  /// Bytes that had to be copied because a tensor, parameter or gradient was written to whose memory something else held, too:
  /// a view, a record for gradients, a variable.
  ///
  /// It only grows: what a step copies is the difference before and after.
  public static var copiesOnWrite: Int { copied.load(ordering: .relaxed) }

  private static let copied = Atomic<Int>(0)

  /// The same values in memory of their own, because they are to be written to while others hold this memory.
  func copiedOnWrite() -> Tensor {
    Self.copied.add(byteCount, ordering: .relaxed)
    return copied()
  }
}

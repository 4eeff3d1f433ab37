// The same elements in other memory.

extension Tensor {
  /// The same elements contiguous in row-major order: this tensor if they already are, otherwise a copy.
  public func contiguous() -> Tensor {
    isContiguous ? self : copied(recording: true)
  }

  /// A copy in new memory.
  public func cloned() -> Tensor { copied(recording: true) }

  /// The same values in memory that nothing but tensors uses, and that has no other elements; for what is kept long.
  package func settled() -> Tensor {
    storage.isWritable && fillsStorage ? self : cloned()
  }

  /// The same values in new memory.
  func copied(recording: Bool = false) -> Tensor {
    if recording, Tape.isObserved {
      return Observation.whole("cloned()", [self]) { copied(recording: true) }
    }
    let result = Tensor(uninitialized: shape, dtype, like: self)
    Kernels.copy(self, into: result)
    guard recording, Tape.records(self) else { return result }
    return result.recorded(
      GradientNode("cloned()", edge) { step in step.give(0, step.gradient) })
  }
}

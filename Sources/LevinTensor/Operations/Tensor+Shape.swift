extension Tensor {
  /// The same elements in another shape, sharing memory; one size may be -1, and is then worked out.
  public func reshaped(to shape: Shape) -> Tensor {
    let shape = ShapeChecks.resolve(shape, for: self)
    let result = Tensor(storage: storage, byteOffset: byteOffset, shape: shape, dtype: dtype)
    guard Tape.records(self) else { return result }
    let before = self.shape
    return Tape.record(result, self) { $1?.receive($0.reshaped(to: before)) }
  }

  /// Rows `range` of dimension 0, sharing memory.
  ///
  /// Traps where the range leaves the dimension.
  public subscript(range: Range<Int>) -> Tensor {
    guard rank > 0, range.lowerBound >= 0, range.upperBound <= shape[0] else {
      ShapeChecks.fail(
        "subscript", "rows \(range) of shape \(shape)",
        expected: "rows in 0..<\(rank > 0 ? shape[0] : 0)")
    }
    var sizes = Array(shape)
    sizes[0] = range.count
    let rowBytes = shape[0] == 0 ? 0 : byteCount / shape[0]
    let result = Tensor(
      storage: storage, byteOffset: byteOffset + range.lowerBound * rowBytes, shape: Shape(sizes),
      dtype: dtype)
    guard Tape.records(self) else { return result }
    let before = shape
    return Tape.record(result, self) { gradient, x in
      let whole = Tensor.zeros(before)
      whole[range].rawPointer.copyMemory(from: gradient.rawPointer, byteCount: gradient.byteCount)
      x?.receive(whole)
    }
  }

  /// Row `index` of dimension 0, without that dimension, sharing memory.
  public subscript(index: Int) -> Tensor {
    self[index..<index + 1].reshaped(to: Shape(shape.dropFirst()))
  }

  /// A matrix with rows and columns exchanged.
  public func transposed() -> Tensor {
    guard rank == 2 else {
      ShapeChecks.fail("transposed()", "shape \(shape)", expected: "two dimensions")
    }
    let x = to(.float32)
    let result = Tensor(uninitialized: [shape[1], shape[0]])
    Kernels.transpose(x, into: result)
    guard Tape.records(x) else { return result }
    return Tape.record(result, x) { $1?.receive($0.transposed()) }
  }
}

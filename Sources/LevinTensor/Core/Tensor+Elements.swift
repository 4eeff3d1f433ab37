extension Tensor {
  /// Calls `body` with the elements' bytes, row-major, little endian.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let storage = storage
    return try withExtendedLifetime(storage) {
      try body(UnsafeRawBufferPointer(start: rawPointer, count: byteCount))
    }
  }

  /// The elements, row-major.
  ///
  /// Traps where `Scalar` is not of the tensor's dtype; ``to(_:)`` converts.
  public func scalars<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] {
    ShapeChecks.dtype(of: self, is: Scalar.dtype, for: "scalars(as:)")
    return withUnsafeBytes { Array($0.assumingMemoryBound(to: Scalar.self)) }
  }

  /// The value of a one-element tensor of any dtype (PyTorch's `item()`).
  ///
  /// Traps for other sizes.
  public func item() -> Double {
    ShapeChecks.isSingle(self, for: "item()")
    return element(0)
  }

  /// Element `index` in row-major order, as a `Double`; bool is 0 or 1.
  func element(_ index: Int) -> Double {
    withUnsafeBytes { bytes in
      switch dtype {
      case .float32: Double(bytes.assumingMemoryBound(to: Float.self)[index])
      case .float64: bytes.assumingMemoryBound(to: Double.self)[index]
      case .int32: Double(bytes.assumingMemoryBound(to: Int32.self)[index])
      case .int64: Double(bytes.assumingMemoryBound(to: Int64.self)[index])
      case .uint8, .bool: Double(bytes[index])
      }
    }
  }

  /// The elements converted as PyTorch's `to` converts them: floats to integers by truncation.
  ///
  /// Gradients pass between float32 tensors only, so a conversion cuts the tape.
  public func to(_ dtype: DType) -> Tensor {
    guard dtype != self.dtype else { return self }
    let result = Tensor(uninitialized: shape, dtype)
    Kernels.convert(self, into: result)
    return result
  }
}

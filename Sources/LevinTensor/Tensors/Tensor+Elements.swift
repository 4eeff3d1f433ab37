extension Tensor {
  /// Calls `body` with the elements' bytes, row-major, little endian; a view is copied first.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let whole = isContiguous ? self : copied()
    return try withExtendedLifetime(whole.storage) {
      try body(UnsafeRawBufferPointer(start: whole.address, count: byteCount))
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

  /// Where element `index` in row-major order lies, in elements from the first one.
  private func place(of index: Int) -> Int {
    guard let strides else { return index }
    var (place, rest) = (0, index)
    for axis in shape.indices.reversed() {
      place += rest % shape[axis] * strides[axis]
      rest /= shape[axis]
    }
    return place
  }

  /// Element `index` in row-major order, as a `Double`; bool is 0 or 1.
  func element(_ index: Int) -> Double {
    let place = place(of: index)
    let byte = place * dtype.byteCount
    return withExtendedLifetime(storage) {
      switch dtype {
      case .float32: Double(address.load(fromByteOffset: byte, as: Float.self))
      case .float64: address.load(fromByteOffset: byte, as: Double.self)
      case .float16, .bfloat16:
        viewed(Layout(shape: [], strides: nil, offset: offset + place)).to(.float64).element(0)
      case .int32, .int64, .uint8, .bool: Double(integer(index))
      }
    }
  }

  /// Element `index` in row-major order of a tensor of integers or bools.
  func integer(_ index: Int) -> Int64 {
    let byte = place(of: index) * dtype.byteCount
    return withExtendedLifetime(storage) {
      switch dtype {
      case .int64: address.load(fromByteOffset: byte, as: Int64.self)
      case .int32: Int64(address.load(fromByteOffset: byte, as: Int32.self))
      default: Int64(address.load(fromByteOffset: byte, as: UInt8.self))
      }
    }
  }

  /// The elements converted to another dtype.
  ///
  /// As PyTorch's `to`: floats become integers by truncation (what does not fit gives the least integer), integers narrow by
  /// dropping high bits, anything but zero is true. The gradient is converted back.
  public func to(_ dtype: DType) -> Tensor {
    guard dtype != self.dtype else { return self }
    let result = Tensor(uninitialized: shape, dtype)
    Kernels.copy(self, into: result)
    guard dtype.isFloatingPoint, Tape.records(self) else { return result }
    return result.recorded(
      GradientNode("to(_:)", edge(fitting: shape, dtype)) { step in step.give(0, step.gradient) })
  }
}

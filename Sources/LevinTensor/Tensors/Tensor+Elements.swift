extension Tensor {
  /// The elements, row-major.
  ///
  /// Traps if `Scalar` does not match the tensor's dtype; ``to(_:)-(DType)`` converts.
  public func scalars<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] {
    ShapeChecks.dtype(of: self, is: Scalar.dtype, for: "scalars(as:)")
    return withUnsafeBytes { Array($0.assumingMemoryBound(to: Scalar.self)) }
  }

  /// The value of a one-element tensor of any dtype (PyTorch's `item()`).
  ///
  /// Traps for other sizes. Waits if the tensor is on another device.
  public func item() -> Double {
    ShapeChecks.isSingle(self, for: "item()")
    return element(0)
  }

  /// The values of ``to(_:)-(DType)``, neither recorded nor reported.
  func converted(to dtype: DType) -> Tensor {
    guard dtype != self.dtype else { return self }
    let result = Tensor(uninitialized: shape, dtype, like: self)
    Kernels.copy(self, into: result)
    return result
  }

  /// The elements converted to another dtype.
  ///
  /// As in PyTorch's `to`, floats become integers by truncation (values that do not fit become the smallest integer),
  /// integers are narrowed by dropping high bits, and anything but zero is true. The gradient is converted back.
  public func to(_ dtype: DType) -> Tensor {
    guard dtype != self.dtype else { return self }
    if Tape.isObserved {
      return Observation.whole("to(_:)", [self], [.init("dtype", .string(dtype.name))]) {
        to(dtype)
      }
    }
    let result = converted(to: dtype)
    guard dtype.isFloatingPoint, Tape.records(self) else { return result }
    return result.recorded(
      GradientNode("to(_:)", edge(fitting: shape, dtype)) { step in step.give(0, step.gradient) })
  }
}

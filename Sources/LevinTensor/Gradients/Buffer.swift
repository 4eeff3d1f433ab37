internal import LevinSystem

/// A tensor of a module that training does not change by gradients: running statistics, tables (PyTorch's buffer).
public final class Buffer {
  /// The sizes of the dimensions.
  public let shape: Shape
  /// The type of the elements.
  public private(set) var dtype: DType
  /// Whether state dictionaries and checkpoints hold it.
  public let isPersistent: Bool

  /// The values, without a record.
  ///
  /// A tensor that is kept stays what it was when the buffer changes. Traps where a new one has another shape or dtype.
  public var value: Tensor {
    didSet {
      ShapeChecks.dtype(of: value, is: dtype, for: "Buffer.value")
      guard value.shape == shape else {
        fail("Buffer.value", "shape \(value.shape)", expected: "\(shape)")
      }
      value = value.detached()
    }
  }

  /// A buffer of any dtype that starts with the values of `value`.
  public init(_ value: Tensor, persistent: Bool = true) {
    self.value = value.detached()
    shape = value.shape
    dtype = value.dtype
    isPersistent = persistent
  }

  /// Moves the values to another device.
  public func move(to device: Device) { value = value.to(device) }

  /// Converts the values to another dtype.
  public func convert(to dtype: DType) {
    let converted = value.to(dtype)
    self.dtype = dtype
    value = converted
  }
}

internal import LevinSystem

/// A tensor of a module that is not trained by gradients, such as running statistics or a table (PyTorch's buffer).
public final class Buffer {
  /// The sizes of the dimensions.
  public let shape: Shape
  /// The type of the elements.
  public private(set) var dtype: DType
  /// Whether state dictionaries and checkpoints include it.
  public let isPersistent: Bool

  /// The values, which are not recorded.
  ///
  /// A tensor taken from here does not change when the buffer does. Setting traps for another shape or dtype.
  public var value: Tensor {
    didSet {
      ShapeChecks.dtype(of: value, is: dtype, for: "Buffer.value")
      guard value.shape == shape else {
        fail("Buffer.value", "shape \(value.shape)", expected: "\(shape)")
      }
      value = value.detached()
    }
  }

  /// Creates a buffer of any dtype with the values of `value`.
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

/// A block of memory that training changes in place, with the gradient that belongs to it (both float32).
public final class Parameter {
  /// The sizes of the dimensions.
  public let shape: Shape
  private let storage: Storage
  private var gradientStorage: Storage?

  /// A parameter that starts as a copy of `value` (float32; traps otherwise).
  public init(_ value: Tensor) {
    ShapeChecks.dtype(of: value, is: .float32, for: "Parameter(_:)")
    shape = value.shape
    storage = Storage(byteCount: value.byteCount)
    value.withUnsafeBytes { storage.pointer.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
  }

  /// Whether gradients are computed for it.
  public var requiresGradient = true

  /// A copy of the values, to keep.
  public var value: Tensor { Tensor.copy(of: storage, shape) }

  /// A copy of the gradient; nil before the first backward and after ``zeroGradient()``.
  public var gradient: Tensor? { gradientStorage.map { Tensor.copy(of: $0, shape) } }

  /// Overwrites the values; traps where shape or dtype differ.
  public func assign(_ newValue: Tensor) {
    ShapeChecks.dtype(of: newValue, is: .float32, for: "Parameter.assign(_:)")
    guard newValue.shape == shape else {
      ShapeChecks.fail(
        "Parameter.assign(_:)", "shape \(newValue.shape)", expected: "\(shape)")
    }
    newValue.withUnsafeBytes {
      storage.pointer.copyMemory(from: $0.baseAddress!, byteCount: $0.count)
    }
  }

  /// Forgets the gradient.
  public func zeroGradient() { gradientStorage = nil }

  /// The values as an operand of recorded operations, sharing memory: valid until the next in-place write.
  public var operand: Tensor {
    let node = requiresGradient && Tape.isRecording ? GradientNode(.leaf(self)) : nil
    return Tensor(storage: storage, shape: shape, dtype: .float32, node: node)
  }

  /// Adds to the gradient.
  ///
  /// The first one to arrive becomes it, memory and all, where nobody else holds that memory: it
  /// then lies where the product wrote it, in the caches of the cores that will update the
  /// parameter.
  func accumulate(_ gradient: consuming Tensor) {
    if let gradientStorage {
      let sum = Tensor(storage: gradientStorage, shape: shape, dtype: .float32)
      Kernels.add(sum, gradient, into: sum)
      return
    }
    var gradient = gradient
    gradientStorage = gradient.isAlone() ? gradient.storage : gradient.copied().storage
  }

  /// Calls `body` with values and gradient for an update in place; does nothing where there is no gradient.
  public func update(
    _ body: (
      _ values: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeMutableBufferPointer<Float>
    ) -> Void
  ) {
    guard let gradientStorage else { return }
    let count = shape.elementCount
    body(
      UnsafeMutableBufferPointer(
        start: storage.pointer.assumingMemoryBound(to: Float.self), count: count),
      UnsafeMutableBufferPointer(
        start: gradientStorage.pointer.assumingMemoryBound(to: Float.self), count: count))
  }
}

extension Tensor {
  fileprivate static func copy(of storage: Storage, _ shape: Shape) -> Tensor {
    Tensor(storage: storage, shape: shape, dtype: .float32).copied()
  }

  /// The same values in memory of their own, cut off the tape.
  func copied() -> Tensor {
    let result = Tensor(uninitialized: shape, dtype)
    result.rawPointer.copyMemory(from: rawPointer, byteCount: byteCount)
    return result
  }
}

/// An n-dimensional array with a dynamic ``DType``: contiguous, row-major, a value.
///
/// A tensor is not `Sendable`: storage is pooled, and tape nodes are shared without locks.
public struct Tensor {
  private(set) var storage: Storage
  /// Where the elements begin in the storage, in bytes.
  let byteOffset: Int
  /// The sizes of the dimensions.
  public let shape: Shape
  /// The type of the elements.
  public let dtype: DType
  /// What the tensor was computed by, where gradients are recorded.
  var node: GradientNode?

  init(storage: Storage, byteOffset: Int = 0, shape: Shape, dtype: DType, node: GradientNode? = nil)
  {
    self.storage = storage
    self.byteOffset = byteOffset
    self.shape = shape
    self.dtype = dtype
    self.node = node
  }

  /// A tensor with elements that are still to be written.
  init(uninitialized shape: Shape, _ dtype: DType = .float32) {
    self.init(
      storage: Storage(byteCount: shape.elementCount * dtype.byteCount), shape: shape, dtype: dtype)
  }

  /// The number of dimensions.
  public var rank: Int { shape.rank }
  /// The number of elements.
  public var elementCount: Int { shape.elementCount }
  /// Bytes of all elements.
  var byteCount: Int { elementCount * dtype.byteCount }

  var rawPointer: UnsafeMutableRawPointer { storage.pointer + byteOffset }
  /// The elements of a float32 tensor.
  var floats: UnsafeMutablePointer<Float> { rawPointer.assumingMemoryBound(to: Float.self) }

  /// Whether operations on this tensor are recorded for ``backward()``.
  public var requiresGradient: Bool { node != nil }

  /// Whether nobody else holds the memory, and all of it belongs to this tensor.
  mutating func isAlone() -> Bool {
    byteOffset == 0 && storage.byteCount == byteCount && isKnownUniquelyReferenced(&storage)
  }

  /// The same values, cut off the tape; shares memory.
  public func detached() -> Tensor {
    Tensor(storage: storage, byteOffset: byteOffset, shape: shape, dtype: dtype)
  }
}

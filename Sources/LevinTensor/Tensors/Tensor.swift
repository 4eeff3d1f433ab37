/// An n-dimensional array with a dynamic ``DType`` and value semantics.
///
/// Views (slices, transposes, expansions) share memory and copy nothing. This is invisible, because memory that
/// anything else uses is never overwritten.
///
/// A tensor is not `Sendable`: storage is pooled, and the records for gradients are shared without locks.
public struct Tensor {
  private(set) var storage: Storage
  /// The position of the first element in the storage, in elements.
  let offset: Int
  /// The sizes of the dimensions.
  public let shape: Shape
  /// nil if the elements are contiguous in row-major order.
  let strides: [Int]?
  /// The type of the elements.
  public let dtype: DType
  /// The output of ``node`` that this tensor is.
  var output: UInt32 = 0
  /// The recorded operation that computed the tensor, if any.
  var node: GradientNode?

  init(storage: Storage, offset: Int = 0, shape: Shape, dtype: DType) {
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.strides = nil
    self.dtype = dtype
  }

  init(storage: Storage, layout: Layout, dtype: DType) {
    self.storage = storage
    offset = layout.offset
    shape = layout.shape
    strides = layout.strides
    self.dtype = dtype
  }

  /// Creates a tensor whose elements are not initialized.
  ///
  /// Traps if sizes are negative or their product overflows.
  init(uninitialized shape: Shape, _ dtype: DType = .float32) {
    let byteCount = ShapeChecks.byteCount(of: shape, dtype)
    self.init(storage: Storage(byteCount: byteCount), shape: shape, dtype: dtype)
  }

  /// Creates a tensor whose elements are not initialized and lie without gaps in the order of `strides`, which are not
  /// those of row-major order.
  init(uninitialized shape: Shape, inOrderOf strides: [Int], _ dtype: DType) {
    storage = Storage(byteCount: ShapeChecks.byteCount(of: shape, dtype))
    offset = 0
    self.shape = shape
    self.strides = strides
    self.dtype = dtype
  }

  /// The number of dimensions.
  public var rank: Int { shape.rank }
  /// The number of elements.
  public var elementCount: Int { shape.elementCount }
  /// The size of all elements in bytes.
  var byteCount: Int { elementCount * dtype.byteCount }

  var layout: Layout { Layout(shape: shape, strides: strides, offset: offset) }

  /// Whether the elements are contiguous in row-major order (PyTorch's `is_contiguous`).
  public var isContiguous: Bool { strides == nil }

  /// Whether operations on this tensor are recorded for ``backward(gradient:retainGraph:)``.
  public var requiresGradient: Bool { node != nil }

  /// Whether the tensor uses all of its memory, in row-major order.
  var fillsStorage: Bool { strides == nil && storage.byteCount == byteCount }

  /// Whether nothing else holds the memory, and this tensor uses all of it, in row-major order.
  mutating func ownsStorage() -> Bool { fillsStorage && isUnique() }

  /// Whether nothing else holds the memory, so that it may be written to.
  mutating func isUnique() -> Bool { isKnownUniquelyReferenced(&storage) && storage.isWritable }

  /// The same values without the record of how they were computed; shares memory.
  public func detached() -> Tensor {
    guard node != nil else { return self }
    var result = self
    result.node = nil
    result.output = 0
    return result
  }

  /// The same storage with another layout.
  func viewed(_ layout: Layout) -> Tensor {
    Tensor(storage: storage, layout: layout, dtype: dtype)
  }
}

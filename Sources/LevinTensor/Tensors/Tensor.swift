/// An n-dimensional array with a dynamic ``DType``: a value.
///
/// Views (slices, transposes, expansions) share memory and copy nothing; since no memory that anyone else can see is ever
/// overwritten, nobody can tell.
///
/// A tensor is not `Sendable`: storage is pooled, and the records for gradients are shared without locks.
public struct Tensor {
  private(set) var storage: Storage
  /// Where the first element lies in the storage, in elements.
  let offset: Int
  /// The sizes of the dimensions.
  public let shape: Shape
  /// nil where the elements lie one after the other in row-major order.
  let strides: [Int]?
  /// The type of the elements.
  public let dtype: DType
  /// Which output of ``node`` this is.
  var output: UInt32 = 0
  /// What the tensor was computed by, where gradients are recorded.
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

  /// A tensor with elements that are still to be written.
  ///
  /// Traps where the sizes are negative or their product overflows.
  init(uninitialized shape: Shape, _ dtype: DType = .float32) {
    let byteCount = ShapeChecks.byteCount(of: shape, dtype)
    self.init(storage: Storage(byteCount: byteCount), shape: shape, dtype: dtype)
  }

  /// The number of dimensions.
  public var rank: Int { shape.rank }
  /// The number of elements.
  public var elementCount: Int { shape.elementCount }
  /// Bytes of all elements.
  var byteCount: Int { elementCount * dtype.byteCount }

  var layout: Layout { Layout(shape: shape, strides: strides, offset: offset) }

  /// Whether the elements lie one after the other in row-major order (PyTorch's `is_contiguous`).
  public var isContiguous: Bool { strides == nil }

  /// Whether operations on this tensor are recorded for ``backward(gradient:retainGraph:)``.
  public var requiresGradient: Bool { node != nil }

  /// Whether nobody else holds the memory, and all of it belongs to this tensor, in row-major order.
  mutating func isAlone() -> Bool {
    offset == 0 && strides == nil && storage.byteCount == byteCount
      && isKnownUniquelyReferenced(&storage)
  }

  /// Whether nobody else holds the memory.
  mutating func isUnique() -> Bool { isKnownUniquelyReferenced(&storage) }

  /// The same values without the record of how they were computed; shares memory.
  public func detached() -> Tensor {
    guard node != nil else { return self }
    var result = self
    result.node = nil
    result.output = 0
    return result
  }

  /// The same storage seen through another layout.
  func viewed(_ layout: Layout) -> Tensor {
    Tensor(storage: storage, layout: layout, dtype: dtype)
  }
}

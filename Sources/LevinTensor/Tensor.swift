/// An n-dimensional array with a dynamic ``DType``, contiguous and row-major.
public struct Tensor {
  let storage: Storage
  /// The sizes of the dimensions.
  public let shape: Shape
  /// The type of the elements.
  public let dtype: DType

  /// A tensor whose elements `initialize` writes, all of them.
  public init(
    shape: Shape, dtype: DType = .float32,
    initializingWith initialize: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    self.shape = shape
    self.dtype = dtype
    storage = Storage(byteCount: shape.elementCount * dtype.byteCount)
    try initialize(storage.bytes)
  }

  /// A tensor of `scalars` in row-major order, of shape `[scalars.count]` unless `shape` says otherwise.
  public init<Scalar: TensorScalar>(_ scalars: [Scalar], shape: Shape? = nil) {
    let shape = shape ?? [scalars.count]
    precondition(shape.elementCount == scalars.count)
    self.init(shape: shape, dtype: Scalar.dtype) { bytes in
      scalars.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
  }

  /// A scalar (rank 0) tensor.
  public init<Scalar: TensorScalar>(_ scalar: Scalar) { self.init([scalar], shape: []) }

  /// The number of dimensions.
  public var rank: Int { shape.rank }
  /// The number of elements.
  public var elementCount: Int { shape.elementCount }

  /// Calls `body` with the elements' bytes, row-major, little endian.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try body(UnsafeRawBufferPointer(storage.bytes))
  }

  /// The elements, row-major; `Scalar` must be the tensor's own dtype (traps otherwise; use ``to(_:)``).
  public func scalars<Scalar: TensorScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] {
    precondition(Scalar.dtype == dtype)
    return withUnsafeBytes { Array($0.assumingMemoryBound(to: Scalar.self)) }
  }

  /// The value of a one-element tensor of any dtype, as a `Double` (PyTorch's `item()`); traps for other sizes.
  public func item() -> Double { fatalError("skeleton") }

  /// The elements converted to `dtype`, as PyTorch's `to` converts them.
  public func to(_ dtype: DType) -> Tensor { fatalError("skeleton") }

  /// The same elements in another shape; one size may be -1, and is then worked out.
  public func reshaped(to shape: Shape) -> Tensor { fatalError("skeleton") }

  /// Rows `range` of dimension 0, sharing memory.
  public subscript(range: Range<Int>) -> Tensor { fatalError("skeleton") }

  /// The index of the largest element along `dimension`, the first of equals; int64.
  public func argmax(dimension: Int) -> Tensor { fatalError("skeleton") }

  /// Whether operations on this tensor are recorded for ``backward()``.
  public var requiresGradient: Bool { false }
  /// The same values, cut off the tape.
  public func detached() -> Tensor { self }
  /// Adds the gradient of this scalar to every parameter that it was computed from; the tape is spent after.
  public func backward() { fatalError("skeleton") }
}

extension Tensor: CustomStringConvertible {
  /// The text that `str(tensor)` gives in PyTorch.
  public var description: String { fatalError("skeleton") }
}

/// The block of memory under tensors.
final class Storage {
  let bytes: UnsafeMutableRawBufferPointer
  init(byteCount: Int) { bytes = .allocate(byteCount: byteCount, alignment: 64) }
  deinit { bytes.deallocate() }
}

/// Runs `body` without recording operations for gradients (PyTorch's `torch.no_grad()`).
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result { try body() }

// Writing and reading elements in the host's memory.

extension Tensor {
  /// Creates a tensor whose elements `initialize` writes, all of them, in row-major order.
  ///
  /// It is on `device` if given, otherwise on that of ``withDevice(_:_:)``.
  public init(
    shape: Shape, dtype: DType = .float32, device: Device? = nil,
    initializingWith initialize: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    let result = Tensor(uninitialized: shape, dtype)
    try initialize(UnsafeMutableRawBufferPointer(start: result.address, count: result.byteCount))
    self = result.to(device ?? .current)
  }

  /// Creates a tensor over row-major elements that `owner` keeps as they are (PyTorch's `torch.frombuffer`); nil if the
  /// memory is not aligned to the elements' size.
  ///
  /// They are read where they lie, and copied before anything is written. As many bytes are needed as `shape` and
  /// `dtype` say, one at least.
  package init?(
    borrowing bytes: UnsafeRawBufferPointer, of owner: AnyObject, shape: Shape, dtype: DType
  ) {
    let byteCount = ShapeChecks.byteCount(of: shape, dtype)
    precondition(bytes.count == byteCount && byteCount > 0, "other bytes than the shape's")
    guard Int(bitPattern: bytes.baseAddress) % dtype.byteCount == 0 else { return nil }
    let result = Tensor(
      storage: Storage(borrowing: bytes, of: owner), shape: shape, dtype: dtype)
    self = result.to(.current)
  }

  /// Creates a scalar in the host's memory.
  init<Scalar: TensorScalar>(host scalar: Scalar) {
    self.init(uninitialized: [], Scalar.dtype)
    address.storeBytes(of: scalar, as: Scalar.self)
  }

  /// Calls `body` with the bytes of the elements, row-major, little endian.
  ///
  /// A view is copied first, and so are elements on another device, which this waits for.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let whole = onHost()
    return try withExtendedLifetime(whole.storage) {
      try body(UnsafeRawBufferPointer(start: whole.address, count: byteCount))
    }
  }

  /// The elements in the host's memory, contiguous in row-major order.
  func onHost() -> Tensor {
    guard !isOnHost else { return isContiguous ? self : copied() }
    let whole = fillsStorage ? self : copied()
    let result = Tensor(uninitialized: shape, dtype)
    Kernels.read(whole, into: result)
    return result
  }

  /// The position of element `index`, in row-major order, as an offset in elements from the first one.
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
    guard isOnHost else { return onHost().element(index) }
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
    guard isOnHost else { return onHost().integer(index) }
    let byte = place(of: index) * dtype.byteCount
    return withExtendedLifetime(storage) {
      switch dtype {
      case .int64: address.load(fromByteOffset: byte, as: Int64.self)
      case .int32: Int64(address.load(fromByteOffset: byte, as: Int32.self))
      default: Int64(address.load(fromByteOffset: byte, as: UInt8.self))
      }
    }
  }

  /// The value of a scalar in the host's memory.
  var number: Number {
    switch dtype {
    case .bool: .bool(element(0) != 0)
    case .int64: .int(withExtendedLifetime(storage) { address.load(as: Int64.self) })
    case .int32, .uint8: .int(Int64(element(0)))
    case .float32, .float64, .float16, .bfloat16: .double(element(0))
    }
  }
}

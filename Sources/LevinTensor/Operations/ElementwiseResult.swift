extension Tensor {
  /// Creates the result of an elementwise operation on operands that broadcast to `shape`; its elements are not
  /// initialized.
  ///
  /// If the operands of that shape have their elements in one common order, without gaps, so has the result, as in
  /// PyTorch: a function of a transposed matrix is a transposed matrix, and nothing is rearranged in memory. Otherwise,
  /// and on other devices, the order is row-major.
  @inline(__always)
  init(
    elementwise shape: Shape, _ dtype: DType, of a: Tensor, _ b: Tensor? = nil, _ c: Tensor? = nil,
    for operation: StaticString
  ) {
    let isRowMajor = a.strides == nil && b?.strides == nil && c?.strides == nil
    if isRowMajor, a.isOnHost, b?.isOnHost ?? true, c?.isOnHost ?? true {
      self.init(uninitialized: shape, dtype)
    } else {
      self.init(shape, dtype, inOrderOf: [a, b, c].compactMap { $0 }, operation)
    }
  }

  @inline(never)
  private init(
    _ shape: Shape, _ dtype: DType, inOrderOf operands: [Tensor], _ operation: StaticString
  ) {
    let device = ShapeChecks.device(of: operands, for: "\(operation)")
    self.init(uninitialized: shape, dtype, on: device)
    var order: [Int]?
    for operand in operands where operand.shape == shape {
      guard let strides = operand.strides, order == nil || order == strides else { return }
      order = strides
    }
    guard device == .cpu, let order, Layout.isDense(shape, order) else { return }
    self = viewed(Layout(shape: shape, strides: order, offset: 0))
  }
}

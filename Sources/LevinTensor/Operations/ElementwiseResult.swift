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
      self.init(shape, dtype, inOrderOf: a, b ?? a, c ?? a, operation)
    }
  }

  // Without arrays, which would take longer than the operation if there are few elements.
  @inline(never)
  private init(
    _ shape: Shape, _ dtype: DType, inOrderOf a: Tensor, _ b: Tensor, _ c: Tensor,
    _ operation: StaticString
  ) {
    guard a.isOnHost, b.isOnHost, c.isOnHost else {
      let device = ShapeChecks.device(of: [a, b, c], for: "\(operation)")
      self.init(uninitialized: shape, dtype, on: device)
      return
    }
    // The first operand of the result's shape states the order; operands of other shapes agree with any.
    let order =
      a.shape == shape
      ? a.strides : b.shape == shape ? b.strides : c.shape == shape ? c.strides : nil
    guard let order, a.agrees(on: order, shape), b.agrees(on: order, shape),
      c.agrees(on: order, shape), Layout.isDense(shape, order)
    else {
      self.init(uninitialized: shape, dtype)
      return
    }
    self.init(uninitialized: shape, inOrderOf: order, dtype)
  }

  @inline(__always)
  private func agrees(on order: [Int], _ shape: Shape) -> Bool {
    self.shape != shape || strides == order
  }
}

/// A tensor as passed to a backend: the location and type of its elements.
///
/// Element (i, j, …) is at `offset + i · strides[0] + j · strides[1] + …`, in elements. Strides may be 0 (the same
/// element repeated) or negative.
package struct Operand {
  /// The source of the elements.
  package enum Content {
    /// Memory that the backend allocated.
    case memory(AnyObject)
    /// A number that all elements equal: a scalar tensor of the host beside tensors of the device.
    case number(Number)
  }

  package let content: Content
  package let offset: Int
  package let shape: Shape
  package let strides: [Int]
  package let dtype: DType

  package init(_ content: Content, offset: Int = 0, shape: Shape, strides: [Int], dtype: DType) {
    self.content = content
    self.offset = offset
    self.shape = shape
    self.strides = strides
    self.dtype = dtype
  }

  /// Contiguous elements of `memory`, from its beginning.
  package init(_ memory: AnyObject, shape: Shape, dtype: DType) {
    self.init(.memory(memory), shape: shape, strides: Layout.rowMajor(shape), dtype: dtype)
  }

  /// The same elements, repeated along sizes of 1 and along new leading dimensions, with the shape `shape`.
  package func expanded(to shape: Shape) -> Operand {
    let layout = Layout(shape: self.shape, strides: strides, offset: offset).expanded(to: shape)
    return Operand(
      content, offset: offset, shape: shape, strides: layout.allStrides, dtype: dtype)
  }
}

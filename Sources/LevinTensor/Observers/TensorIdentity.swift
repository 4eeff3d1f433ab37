/// The location of a tensor's elements, which distinguishes tensors even if their values are equal.
///
/// It is unique as long as the tensors live.
package struct TensorIdentity: Hashable {
  /// The memory, which views share.
  package let memory: ObjectIdentifier
  private let offset: Int
  private let shape: Shape
  private let strides: [Int]?

  fileprivate init(_ tensor: Tensor) {
    memory = ObjectIdentifier(tensor.storage)
    offset = tensor.offset
    shape = tensor.shape
    strides = tensor.strides
  }
}

extension Tensor {
  /// The location of the elements.
  package var identity: TensorIdentity { TensorIdentity(self) }
}

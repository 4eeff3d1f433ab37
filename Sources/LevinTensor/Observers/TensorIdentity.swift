/// What tells two tensors apart that may hold equal values: where their elements lie.
///
/// It is unique as long as the tensors live.
package struct TensorIdentity: Hashable {
  /// The memory alone, which views share.
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
  /// Where the elements lie.
  package var identity: TensorIdentity { TensorIdentity(self) }
}

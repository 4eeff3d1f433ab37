internal import LevinSystem
public import LevinTensor

/// Any number of tensors in memory: sample `i` is row `i` of each (torch's `TensorDataset`).
///
/// ``TensorDataset`` is the same for inputs and targets.
///
/// `@unchecked Sendable`: threads only read the bytes of these tensors, and nothing writes to them after `init`.
public struct TensorListDataset: Dataset, @unchecked Sendable {
  /// The tensors, `[count, …]` each, of any dtypes.
  public let tensors: [Tensor]

  /// Creates a dataset of the rows of `tensors`; traps unless there is one, and all have the same number of rows.
  public init(_ tensors: Tensor...) { self.init(tensors) }

  /// Creates a dataset of the rows of `tensors`; traps unless there is one, and all have the same number of rows.
  public init(_ tensors: [Tensor]) {
    guard let first = tensors.first, first.rank > 0,
      tensors.allSatisfy({ $0.rank > 0 && $0.shape[0] == first.shape[0] })
    else {
      fail(
        "TensorListDataset", "tensors of shapes \(tensors.map(\.shape))",
        expected: "at least one, all with the same size of dimension 0, one row a sample")
    }
    self.tensors = tensors.map { $0.detached() }
  }

  /// The number of samples.
  public var count: Int { tensors[0].shape[0] }

  /// The samples at `indices`, in that order: `[indices.count, …]` of each tensor.
  public func batch(at indices: ArraySlice<Int>) throws -> [Tensor] {
    tensors.map { TensorDataset.rows(indices, of: $0) }
  }
}

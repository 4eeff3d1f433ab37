internal import LevinSystem
public import LevinTensor

/// Inputs and targets, with the samples along dimension 0 of both.
public typealias TensorPair = (inputs: Tensor, targets: Tensor)

/// Inputs and targets in memory, as two tensors: sample `i` is row `i` of each.
///
/// `@unchecked Sendable`: threads only read the bytes of these two tensors, and
/// nothing writes to them after `init`.
public struct TensorDataset: Dataset, @unchecked Sendable {
  /// The inputs, `[count, …]`.
  public let inputs: Tensor
  /// The targets, `[count, …]`, of any dtype.
  public let targets: Tensor

  /// Creates a dataset of the rows of `inputs` and `targets`; traps unless both have the same number.
  public init(_ inputs: Tensor, _ targets: Tensor) {
    guard inputs.rank > 0, targets.rank > 0, inputs.shape[0] == targets.shape[0] else {
      fail(
        "TensorDataset", "inputs of shape \(inputs.shape) and targets of shape \(targets.shape)",
        expected: "the same size of dimension 0, one row a sample")
    }
    self.inputs = inputs.detached()
    self.targets = targets.detached()
  }

  /// The number of samples.
  public var count: Int { inputs.shape[0] }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> TensorPair {
    (Self.rows(indices, of: inputs), Self.rows(indices, of: targets))
  }

  static func rows(_ indices: ArraySlice<Int>, of tensor: Tensor) -> Tensor {
    var sizes = Array(tensor.shape)
    for index in indices where index < 0 || index >= sizes[0] {
      fail("TensorDataset", "sample \(index)", expected: "one of 0..<\(sizes[0])")
    }
    sizes[0] = indices.count
    let shape = Shape(sizes)
    let rowBytes = sizes.dropFirst().reduce(tensor.dtype.byteCount, *)
    return Tensor(shape: shape, dtype: tensor.dtype) { rows in
      tensor.withUnsafeBytes { source in
        guard rowBytes > 0, let rows = rows.baseAddress, let source = source.baseAddress else {
          return
        }
        Kernels.gather(source, rows: indices, rowBytes: rowBytes, to: rows)
      }
    }
  }
}

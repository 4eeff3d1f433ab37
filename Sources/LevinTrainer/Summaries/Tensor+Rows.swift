internal import LevinSystem
internal import LevinTensor

extension Tensor {
  /// All elements as numbers, row by row.
  var doubles: [Double] { to(.float64).scalars(as: Double.self) }

  /// The rows of a matrix; traps for other ranks.
  func rows(for operation: String) -> [[Double]] {
    guard rank == 2 else {
      fail(operation, "shape \(shape)", expected: "a matrix [rows, columns]")
    }
    let (values, width) = (doubles, shape[1])
    return (0..<shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  /// The rows of `[rows, 3]` or of PyTorch's `[1, rows, 3]`; a call takes only one mesh.
  func points(for operation: String) -> [[Double]] {
    guard rank == 2 || (rank == 3 && shape[0] == 1), shape[rank - 1] == 3 else {
      fail(operation, "shape \(shape)", expected: "[points, 3] or [1, points, 3]")
    }
    return reshaped(to: [-1, 3]).rows(for: operation)
  }
}

import LevinTensor

// Products and norms of vectors and matrices.

extension DifferentiableOperation {
  static let products: [Row] = [
    Row("matmul(_:)", [[2, 3], [3, 2]]) { $0[0].matmul($0[1]) },
    Row("matmul(_:)", [[2, 1, 2], [2, 3]]) { $0[0].matmul($0[1]) },
    Row("matmul(_:)", [[2, 2, 2], [3, 1, 2, 1]]) { $0[0].matmul($0[1]) },
    Row("dot(_:)", [[3], [3]]) { $0[0].dot($0[1]) },
    Row("inner(_:)", [[2, 3], [2, 3]]) { $0[0].inner($0[1]) },
    Row("outer(_:)", [[2], [3]]) { $0[0].outer($0[1]) },
    Row("addingProduct(_:_:beta:alpha:)", [[2, 2], [2, 3], [3, 2]]) {
      $0[0].addingProduct($0[1], $0[2], beta: 0.5, alpha: 2)
    },
    Row("linear(weight:bias:relu:)", [[2, 3], [2, 3], [2]]) {
      $0[0].linear(weight: $0[1], bias: $0[2])
    },
    Row("linear(weight:bias:relu:)", [[2, 3], [2, 3], [2]]) {
      ($0[0] - 1).linear(weight: $0[1], bias: $0[2] - 1, relu: true).squared()
    },
    Row("einsum(_:_:)", [[2, 3], [3, 2]]) { Tensor.einsum("ij,jk->ik", $0) },
    Row("einsum(_:_:)", [[2, 2], [2]]) { Tensor.einsum("ii,i->i", $0) },
    Row("kron(_:)", [[2, 2], [2]]) { $0[0].kron($0[1]) },
    Row("cross(_:dimension:)", [[2, 3], [2, 3]]) { $0[0].cross($0[1], dimension: -1) },
    Row("tensordot(_:_:_:)", [[2, 3], [3, 2]]) { $0[0].tensordot($0[1], [1], [0]) },
    Row("cdist(_:_:)", [[2, 2], [3, 2]]) {
      $0[0].cdist($0[1] * 3)
    },
    Row("matrixPower(_:)", [[2, 2]]) { $0[0].matrixPower(5) },
    Row("matrixNorm(_:_:_:keepDimension:)", [[2, 3]]) { $0[0].matrixNorm(.one).squared() },
    Row("trace()", [[2, 3]]) { $0[0].squared().trace() },
    Row("vecdot(_:dimension:)", [[2, 3], [3]]) { $0[0].vecdot($0[1]) },
    Row("tensordot(_:count:)", [[2, 3], [3, 2]]) { $0[0].tensordot($0[1], count: 1) },
    Row("distance(to:_:)", [[3], [3]]) { $0[0].distance(to: $0[1] * 3) },
    Row("multiDot(_:)", [[2], [2, 3], [3, 2]]) { Tensor.multiDot($0) },
  ]
}

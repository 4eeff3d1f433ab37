import LevinTensor

let products: [Operation] = [
  op("matmul", "a.matmul(b)") { c in try c.x.matmul(c.second) },
  op("__rmatmul__", "b.matmul(a)") { c in try c.second.matmul(c.x) },
  op("mm", "a.matmul(b)") { c in try c.x.matmul(c.tensor("mat2", 0)) },
  op("bmm", "a.matmul(b)") { c in try c.x.matmul(c.tensor("mat2", 0)) },
  op("mv", "a.matmul(v)") { c in try c.x.matmul(c.tensor("vec", 0)) },
  op("dot", "v.dot(w)") { c in try c.x.dot(c.tensor("other", 0)) },
  op("inner", "a.inner(b)") { c in try c.x.inner(c.tensor("other", 0)) },
  op("outer", "v.outer(w)") { c in try c.x.outer(c.tensor("vec2", 0)) },
  op("einsum", "Tensor.einsum(\"ij,jk->ik\", [a, b])") { c in
    guard let text = try c.text("equation", 0) else { throw CaseError("no equation") }
    return Tensor.einsum(text, c.list)
  },
  op("addmm", "x.addingProduct(a, b)") { c in try c.addingProduct("mat1", "mat2") },
  op("addmv", "x.addingProduct(a, v)") { c in try c.addingProduct("mat", "vec") },
  op("baddbmm", "x.addingProduct(a, b)") { c in try c.addingProduct("batch1", "batch2") },
  op("linalg.vecdot", "a.vecdot(b)") { c in
    try c.x.vecdot(c.tensor("y", 0), dimension: c.dim(1) ?? -1)
  },
  op("linalg.multi_dot", "Tensor.multiDot([a, b, c])") { c in Tensor.multiDot(c.list) },
  op("linalg.matrix_power", "x.matrixPower(3)") { c in try c.x.matrixPower(c.int("n", 0) ?? 0) },
  op("tensordot", "a.tensordot(b, [1], [0])") { c in
    let (x, y) = (try c.x, try c.second)
    switch c.value("dims", 1) {
    case .int(let count): return x.tensordot(y, count: count)
    case .list(let lists), .tuple(let lists):
      let axes = try lists.map { try Case.ints($0) }
      return x.tensordot(y, axes[0], axes[1])
    default: return x.tensordot(y)
    }
  },
  op("kron", "a.kron(b)") { c in try c.x.kron(c.second) },
  op("cross", "a.cross(b)") { c in try c.x.cross(c.second, dimension: c.dim(1)) },
  op("linalg.cross", "a.cross(b, dimension: -1)") { c in
    try c.x.cross(c.second, dimension: c.dim(1) ?? -1)
  },
  op("cdist", "a.cdist(b)") { c in
    try c.x.cdist(c.tensor("x2", 0), c.double("p", 1) ?? 2)
  },
  op("dist", "a.distance(to: b)") { c in try c.x.distance(to: c.second, c.double("p", 1) ?? 2) },
  unary("trace", "x.trace()") { $0.trace() },
]

extension Case {
  fileprivate func addingProduct(_ first: String, _ second: String) throws -> Tensor {
    try x.addingProduct(
      tensor(first, 0), tensor(second, 1), beta: anyNumber("beta", -1, .int(1)),
      alpha: anyNumber("alpha", -1, .int(1)))
  }
}
